"""aws:cloudwatch/dashboard:Dashboard."""

from sandbox.handlers.base import Handler, Place, Property, as_json, unless_gone
from sandbox.wire import Properties


class DashboardHandler(Handler):
    """A CloudWatch dashboard."""

    type = "aws:cloudwatch/dashboard:Dashboard"
    inputs = {
        "dashboardName": Property(required=True, replaces=True),
        "dashboardBody": Property(required=True, form=as_json),
    }
    outputs = frozenset({"dashboardArn"})
    limitations = (
        "a dashboard is in the region that it was put in; at AWS it is in all of them",
        "the emulator does not validate a dashboard's body",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the dashboard; AWS's own provider takes over one that is there already."""
        self._put(aws, inputs)
        return str(inputs["dashboardName"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the dashboard."""
        answer = unless_gone(
            lambda: aws.client("cloudwatch").get_dashboard(DashboardName=id_), "ResourceNotFound"
        )
        if answer is None:
            return None
        return {
            "dashboardName": answer["DashboardName"],
            "dashboardBody": answer["DashboardBody"],
            "dashboardArn": answer["DashboardArn"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the dashboard again."""
        self._put(aws, inputs)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the dashboard."""
        unless_gone(
            lambda: aws.client("cloudwatch").delete_dashboards(DashboardNames=[id_]),
            "ResourceNotFound",
        )

    @staticmethod
    def _put(aws: Place, inputs: Properties) -> None:
        aws.client("cloudwatch").put_dashboard(
            DashboardName=inputs["dashboardName"], DashboardBody=inputs["dashboardBody"]
        )
