"""Resolves a JSON list of environments with botocore's default chain and prints what it found.

The second opinion of CredentialChainTests. An error is named by its class; no credentials are the
error "None".
"""
import json
import os
import sys

import botocore.session
from botocore.credentials import create_credential_resolver
from botocore.utils import ContainerMetadataFetcher

ContainerMetadataFetcher.SLEEP_TIME = 0


def resolve(variables):
    os.environ.clear()
    os.environ.update(variables)
    try:
        session = botocore.session.Session()
        found = create_credential_resolver(session).load_credentials()
        if found is None:
            return {"error": "None"}
        keys = found.get_frozen_credentials()
        return {"key": keys.access_key, "secret": keys.secret_key, "token": keys.token}
    except Exception as error:
        return {"error": type(error).__name__}


json.dump([resolve(variables) for variables in json.load(sys.stdin)], sys.stdout)
