// An ECS service behind a load balancer, its database, one page an incident, and a dashboard.
package main

import (
	watch "example.com/pulumi-django-ecs-monitoring/sdk/go/djangoecsmonitoring"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	paging := watch.PagingIncident
	alerts, err := watch.NewAlertRouting(ctx, "alerts", &watch.AlertRoutingArgs{
		Severities: []watch.Severity{watch.SeverityCritical, watch.SeverityWarning},
		Emails: map[string][]pulumi.StringInput{
			"critical": {pulumi.String("oncall@example.com")},
			"warning":  {pulumi.String("team@example.com")},
		},
		Paging: &paging,
	})
	if err != nil {
		return err
	}

	rds, err := watch.NewRdsMonitoring(ctx, "rds", &watch.RdsMonitoringArgs{
		Targets: map[string]watch.RdsTargetArgs{
			"main": {
				Instance:            pulumi.String("shop-db"),
				Engine:              "postgres",
				InstanceClass:       "db.t4g.small",
				AllocatedStorageGib: pulumi.Int(100),
			},
		},
		Routing: alerts.Routing,
	})
	if err != nil {
		return err
	}
	ecs, err := watch.NewEcsMonitoring(ctx, "ecs", &watch.EcsMonitoringArgs{
		Targets: map[string]watch.EcsTargetArgs{
			"web": {
				Cluster:           pulumi.String("shop"),
				Service:           pulumi.String("shop-web"),
				ContainerInsights: pulumi.BoolRef(true),
				MinRunningTasks:   pulumi.Int(2),
			},
		},
		Overrides: map[string]watch.AlarmOverrideArgs{
			"ecs.cpu-high": {Threshold: pulumi.Float64Ref(85), EvaluationPeriods: pulumi.IntRef(3)},
		},
		Routing: alerts.Routing,
	})
	if err != nil {
		return err
	}
	alb, err := watch.NewAlbMonitoring(ctx, "alb", &watch.AlbMonitoringArgs{
		Targets: map[string]watch.AlbTargetArgs{
			"main": {
				LoadBalancer: pulumi.String("app/shop/1234567890abcdef"),
				TargetGroups: map[string]pulumi.StringInput{
					"web": pulumi.String("targetgroup/shop-web/0123456789abcdef"),
				},
			},
		},
		Routing: alerts.Routing,
	})
	if err != nil {
		return err
	}

	alarms := []pulumi.StringMapInput{alb.Alarms, ecs.Alarms, rds.Alarms}
	incidents, err := watch.NewIncidentPaging(ctx, "incidents", &watch.IncidentPagingArgs{
		Incidents: []pulumi.StringInput{alb.Incidents, ecs.Incidents, rds.Incidents},
		Alarms:    alarms,
		Routing:   alerts.Routing,
	})
	if err != nil {
		return err
	}
	dashboard, err := watch.NewDashboard(ctx, "dashboard", &watch.DashboardArgs{
		Graphs: []pulumi.StringInput{alb.Graphs, ecs.Graphs, rds.Graphs},
		Alarms: alarms,
	})
	if err != nil {
		return err
	}

	ctx.Export("alarms", ecs.Alarms)
	ctx.Export("pages", incidents.Composites)
	ctx.Export("dashboardUrl", dashboard.Url)
	return nil
}
