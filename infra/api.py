"""The API through which people act on findings: who they are is what IAM says."""

from typing import Final

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import Deployed, Function

# Reads, and what people do; each needs execute-api:Invoke on exactly it.
ROUTES: Final = (
    "GET /findings",
    "GET /findings/{id}",
    "POST /findings/{id}/{action}",
)
# People type no faster; a key that was stolen reads no faster either.
REQUESTS_A_SECOND: Final = 10
BURST: Final = 20
# Who asked what and how it ended; neither bodies nor addresses of findings.
LOGGED: Final = {
    "caller": "$context.identity.userArn",
    "error": "$context.error.message",
    "ip": "$context.identity.sourceIp",
    "request": "$context.requestId",
    "route": "$context.routeKey",
    "status": "$context.status",
    "time": "$context.requestTime",
}


class Api(Construct):
    """An HTTP API that only requests signed with AWS credentials get through."""

    def __init__(self, scope: Construct, name: str, *, act: Function, shared: Deployed) -> None:
        super().__init__(scope, name)
        self.api = api.CfnApi(
            self, "Api", name="Vedette", protocol_type="HTTP", description="Acting on findings"
        )
        integration = api.CfnIntegration(
            self,
            "Act",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=act.function.function_arn,
            payload_format_version="2.0",
        )
        for number, route in enumerate(ROUTES, start=1):
            api.CfnRoute(
                self,
                f"Route{number}",
                api_id=self.api.ref,
                route_key=route,
                authorization_type="AWS_IAM",
                target=f"integrations/{integration.ref}",
            )
            self._let_call(act, number, route)
        self._stage(shared)

    @property
    def url(self) -> str:
        stack = Stack.of(self)
        return f"https://{self.api.ref}.execute-api.{stack.region}.{stack.url_suffix}"

    def _let_call(self, act: Function, number: int, route: str) -> None:
        """Let this API alone call the function, for this route."""
        method, _, path = route.partition(" ")
        stack = Stack.of(self)
        place = f"arn:{stack.partition}:execute-api:{stack.region}:{stack.account}"
        lambda_.CfnPermission(
            self,
            f"Permission{number}",
            action="lambda:InvokeFunction",
            function_name=act.function.function_arn,
            principal="apigateway.amazonaws.com",
            source_account=stack.account,
            source_arn=f"{place}:{self.api.ref}/*/{method}{path}",
        )

    def _stage(self, shared: Deployed) -> None:
        log = logs.LogGroup(
            self,
            "Logs",
            retention=shared.retention,
            removal_policy=RemovalPolicy.DESTROY,
            encryption_key=shared.key,
        )
        api.CfnStage(
            self,
            "Stage",
            api_id=self.api.ref,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=api.CfnStage.RouteSettingsProperty(
                throttling_burst_limit=BURST, throttling_rate_limit=REQUESTS_A_SECOND
            ),
            access_log_settings=api.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=Stack.of(self).to_json_string(LOGGED)
            ),
        )
