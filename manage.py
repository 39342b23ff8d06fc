#!/usr/bin/env python
"""Nunbit's command line: `python manage.py help` lists what there is; `python manage.py up` runs all of it."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads would wait for each other
    execute_from_command_line(sys.argv)
