"""The known ways from some IAM permissions to more, as a table.

Sources of the facts: Rhino Security Labs, "AWS IAM Privilege Escalation: Methods and Mitigation";
Datadog's pathfinding.cloud; the Service Authorization Reference for the actions and the types of
their resources. A test holds every action against AWS's list, so that none can go stale unseen.

``iam:UpdateAssumeRolePolicy`` stands alone: a trust policy that names a principal of its own
account lets it in without ``sts:AssumeRole`` in an identity policy (IAM User Guide, "Policy
evaluation logic: resource-based policies within an account").
"""

from typing import Final

from vedette.resources.resource import Value


class Escalation(Value):
    """One way: all actions in ``needs`` must be allowed.

    ``passed_to`` is the service that receives the role, where ``iam:PassRole`` is among the needs.
    """

    name: str
    needs: tuple[str, ...]
    passed_to: str | None = None


def _alone(name: str, *needs: str) -> Escalation:
    return Escalation(name=name, needs=needs)


def _passing(name: str, service: str, *needs: str) -> Escalation:
    return Escalation(
        name=name, needs=("iam:PassRole", *needs), passed_to=f"{service}.amazonaws.com"
    )


ESCALATIONS: Final = (
    _alone("create_policy_version", "iam:CreatePolicyVersion"),
    _alone("set_default_policy_version", "iam:SetDefaultPolicyVersion"),
    _alone("create_access_key", "iam:CreateAccessKey"),
    _alone("create_login_profile", "iam:CreateLoginProfile"),
    _alone("update_login_profile", "iam:UpdateLoginProfile"),
    _alone("attach_user_policy", "iam:AttachUserPolicy"),
    _alone("attach_group_policy", "iam:AttachGroupPolicy"),
    _alone("attach_role_policy", "iam:AttachRolePolicy"),
    _alone("put_user_policy", "iam:PutUserPolicy"),
    _alone("put_group_policy", "iam:PutGroupPolicy"),
    _alone("put_role_policy", "iam:PutRolePolicy"),
    _alone("add_user_to_group", "iam:AddUserToGroup"),
    _alone("update_assume_role_policy", "iam:UpdateAssumeRolePolicy"),
    _passing("new_instance", "ec2", "ec2:RunInstances"),
    _passing("new_spot_instance", "ec2", "ec2:RequestSpotInstances"),
    _alone(
        "changed_instance_start_script",
        *("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
    ),
    _alone(
        "changed_launch_template", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"
    ),
    _alone("ssh_key_for_instance", "ec2-instance-connect:SendSSHPublicKey"),
    _alone("command_on_instance", "ssm:SendCommand"),
    _alone("session_on_instance", "ssm:StartSession"),
    _passing("new_automation", "ssm", "ssm:StartAutomationExecution"),
    _passing("new_function_invoked", "lambda", "lambda:CreateFunction", "lambda:InvokeFunction"),
    _passing("new_function_opened", "lambda", "lambda:CreateFunction", "lambda:AddPermission"),
    _passing(
        "new_function_with_event_source",
        *("lambda", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    ),
    _alone("changed_function_code", "lambda:UpdateFunctionCode"),
    _alone("changed_function_layers", "lambda:UpdateFunctionConfiguration"),
    _passing("new_glue_endpoint", "glue", "glue:CreateDevEndpoint"),
    _alone("changed_glue_endpoint", "glue:UpdateDevEndpoint"),
    _passing("new_glue_job_run", "glue", "glue:CreateJob", "glue:StartJobRun"),
    _passing("new_glue_job_scheduled", "glue", "glue:CreateJob", "glue:CreateTrigger"),
    _passing("changed_glue_job_run", "glue", "glue:UpdateJob", "glue:StartJobRun"),
    _passing("changed_glue_job_scheduled", "glue", "glue:UpdateJob", "glue:CreateTrigger"),
    _passing("new_glue_session", "glue", "glue:CreateSession", "glue:RunStatement"),
    _passing("new_stack", "cloudformation", "cloudformation:CreateStack"),
    _alone("changed_stack", "cloudformation:UpdateStack"),
    _alone(
        "executed_change_set",
        *("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    ),
    _passing(
        "new_stack_set",
        *("cloudformation", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
    ),
    _passing("changed_stack_set", "cloudformation", "cloudformation:UpdateStackSet"),
    _passing(
        "new_data_pipeline",
        *("datapipeline", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
        "datapipeline:ActivatePipeline",
    ),
    _passing(
        "new_notebook",
        *("sagemaker", "sagemaker:CreateNotebookInstance"),
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    _alone("opened_notebook", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    _alone(
        "changed_notebook_start_script",
        *("sagemaker:CreateNotebookInstanceLifecycleConfig", "sagemaker:StopNotebookInstance"),
        *("sagemaker:UpdateNotebookInstance", "sagemaker:StartNotebookInstance"),
    ),
    _passing("new_training_job", "sagemaker", "sagemaker:CreateTrainingJob"),
    _passing("new_processing_job", "sagemaker", "sagemaker:CreateProcessingJob"),
    _passing("new_task_run", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    _passing("new_task_started", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    _passing("new_task_service", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    _passing("new_batch_job", "ecs-tasks", "batch:RegisterJobDefinition", "batch:SubmitJob"),
    _passing("new_build", "codebuild", "codebuild:CreateProject", "codebuild:StartBuild"),
    _passing(
        "new_build_batch", "codebuild", "codebuild:CreateProject", "codebuild:StartBuildBatch"
    ),
    _alone("changed_build", "codebuild:StartBuild"),
    _alone("changed_build_batch", "codebuild:StartBuildBatch"),
    _passing("new_state_machine", "states", "states:CreateStateMachine", "states:StartExecution"),
    _passing("new_schedule", "scheduler", "scheduler:CreateSchedule"),
    _passing("new_app_runner_service", "tasks.apprunner", "apprunner:CreateService"),
    _alone("changed_app_runner_service", "apprunner:UpdateService"),
    _passing(
        "new_code_interpreter",
        *("bedrock-agentcore", "bedrock-agentcore:CreateCodeInterpreter"),
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
)

# The resources that must all be allowed, by the service and the last part of their ARNs. Where an
# action creates what it names it is not listed here, and any resource will do.
TARGETS: Final = {
    "apprunner:UpdateService": "apprunner:service/*",
    "cloudformation:ExecuteChangeSet": "cloudformation:stack/*",
    "cloudformation:UpdateStack": "cloudformation:stack/*",
    "cloudformation:UpdateStackSet": "cloudformation:stackset/*",
    "codebuild:StartBuild": "codebuild:project/*",
    "codebuild:StartBuildBatch": "codebuild:project/*",
    "ec2-instance-connect:SendSSHPublicKey": "ec2:instance/*",
    "ec2:CreateLaunchTemplateVersion": "ec2:launch-template/*",
    "ec2:ModifyInstanceAttribute": "ec2:instance/*",
    "ec2:ModifyLaunchTemplate": "ec2:launch-template/*",
    "ec2:StartInstances": "ec2:instance/*",
    "ec2:StopInstances": "ec2:instance/*",
    "glue:UpdateDevEndpoint": "glue:devEndpoint/*",
    "glue:UpdateJob": "glue:job/*",
    "iam:AddUserToGroup": "iam:group/*",
    "iam:AttachGroupPolicy": "iam:group/*",
    "iam:AttachRolePolicy": "iam:role/*",
    "iam:AttachUserPolicy": "iam:user/*",
    "iam:CreateAccessKey": "iam:user/*",
    "iam:CreateLoginProfile": "iam:user/*",
    "iam:CreatePolicyVersion": "iam:policy/*",
    "iam:PassRole": "iam:role/*",
    "iam:PutGroupPolicy": "iam:group/*",
    "iam:PutRolePolicy": "iam:role/*",
    "iam:PutUserPolicy": "iam:user/*",
    "iam:SetDefaultPolicyVersion": "iam:policy/*",
    "iam:UpdateAssumeRolePolicy": "iam:role/*",
    "iam:UpdateLoginProfile": "iam:user/*",
    "lambda:UpdateFunctionCode": "lambda:function:*",
    "lambda:UpdateFunctionConfiguration": "lambda:function:*",
    "sagemaker:CreatePresignedNotebookInstanceUrl": "sagemaker:notebook-instance/*",
    "sagemaker:UpdateNotebookInstance": "sagemaker:notebook-instance/*",
    "ssm:SendCommand": "ec2:instance/*",
    "ssm:StartSession": "ec2:instance/*",
}
