"""Runs a program on a text: peak_memory.py PROGRAM ARGUMENTS… TEXT_FILE. Prints its seconds and MB to standard error."""
import resource
import subprocess
import sys
import time

*command, text_file = sys.argv[1:]
start_s = time.monotonic()
with open(text_file, "rb") as text:
    done = subprocess.run(command, stdin=text, capture_output=True, check=False)
if done.returncode != 0:
    sys.exit(done.stderr.decode())
peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(round(time.monotonic() - start_s, 2), round(peak_mb, 1), file=sys.stderr)
