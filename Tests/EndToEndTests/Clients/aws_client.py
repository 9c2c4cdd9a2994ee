"""What an agent does with AWS, with what the environment holds: python aws_client.py WHAT ENDPOINT. Prints JSON."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

what, endpoint = sys.argv[1:3]


def client(service, **config):
    settings = Config(retries={"total_max_attempts": 1}, **config)
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", config=settings)


def bedrock():
    runtime = client("bedrock-runtime")
    answer = runtime.invoke_model(modelId="anthropic.claude-haiku-4-5-v1", body=b'{"a": 1}')
    print(json.dumps({"status": answer["ResponseMetadata"]["HTTPStatusCode"]}))


def stream():
    runtime = client("bedrock-runtime")
    # The colon is escaped in the path, and once more in what is signed.
    model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    answer = runtime.invoke_model(modelId=model, body=b'{"prompt": "\xc3\xa4"}')
    print(answer["body"].read().decode())
    events = runtime.invoke_model_with_response_stream(modelId=model, body=b"x" * 3_000_000)["body"]
    print(json.dumps([json.loads(event["chunk"]["bytes"]) for event in events]))


def s3():
    store = client("s3", s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    store.create_bucket(Bucket="bucket")
    # Names with other characters moto itself takes for wrongly signed, straight from boto3 too.
    for key in ("plain", "a b~c/d", "sub/dir/x"):
        store.put_object(Bucket="bucket", Key=key, Body=key.encode(), Metadata={"note": "two  blanks"})
    listed = store.list_objects_v2(Bucket="bucket", Prefix="")
    keys = sorted(entry["Key"] for entry in listed["Contents"])
    print(json.dumps([[key, store.get_object(Bucket="bucket", Key=key)["Body"].read().decode()] for key in keys]))


try:
    {"bedrock": bedrock, "stream": stream, "s3": s3}[what]()
except ClientError as error:
    print(json.dumps({"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}))
