"""Runs a Pulumi project's program in Python inline, which Pulumi's Automation API does without a language host.

The arguments are the project's folder, the stack, a method of it (up, preview), and options of that method that are true.
"""

import os
import runpy
import sys

from pulumi import automation

folder, stack_name, method, *options = sys.argv[1:]


def program():
    runpy.run_path(os.path.join(folder, "__main__.py"))


stack = automation.select_stack(
    stack_name=stack_name,
    project_name="python",
    program=program,
    opts=automation.LocalWorkspaceOptions(work_dir=folder),
)
try:
    getattr(stack, method)(on_output=print, on_error=print, **{option: True for option in options})
except automation.CommandError:
    # What the command printed has said why.
    sys.exit(1)
