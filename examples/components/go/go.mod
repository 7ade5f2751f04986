module shop

go 1.25

require (
	example.com/pulumi-django-ecs-monitoring/sdk/go v0.0.0-00010101000000-000000000000
	github.com/pulumi/pulumi/sdk/v3 v3.274.1
)

replace example.com/pulumi-django-ecs-monitoring/sdk/go => ./sdks/django-ecs-monitoring
