"""Reads IAM in few calls: one listing of all principals and policies, one credential report."""

from vedette.aws.collect.services.iam.account import ACCOUNT
from vedette.aws.collect.services.iam.certificates import SERVER_CERTIFICATES
from vedette.aws.collect.services.iam.collectors import GROUPS, POLICIES, ROLES, USERS

COLLECTORS = (ACCOUNT, USERS, GROUPS, ROLES, POLICIES, SERVER_CERTIFICATES)
