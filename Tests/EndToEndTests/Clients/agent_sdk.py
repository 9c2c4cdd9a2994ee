"""Asks the Agent SDK for one Bash tool call and prints what the tool and then the model said."""

import sys

import anyio
from claude_agent_sdk import AssistantMessage, ClaudeAgentOptions, ResultMessage, ToolUseBlock, UserMessage, query


async def main():
    # IS_SANDBOX: the CLI refuses bypassPermissions as root without it.
    options = ClaudeAgentOptions(
        allowed_tools=["Bash"], permission_mode="bypassPermissions", env={"IS_SANDBOX": "1"}
    )
    async for message in query(prompt=sys.argv[1], options=options):
        if isinstance(message, AssistantMessage):
            for block in message.content:
                if isinstance(block, ToolUseBlock):
                    print("tool:", block.name, block.input["command"], flush=True)
        elif isinstance(message, ResultMessage):
            print("result:", message.subtype, message.result, flush=True)


anyio.run(main)
