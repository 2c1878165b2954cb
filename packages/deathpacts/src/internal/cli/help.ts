/** What `deathpact --help` prints. */
export const HELP = `Usage: deathpact [OPTION ...] [--] COMMAND [ARGUMENT ...]

Runs COMMAND, which ends when the process that started deathpact ends, SIGKILL included.

  -s, --signal SIGNAL  what COMMAND gets then: TERM, SIGTERM, 15; default KILL, and TERM with --grace
  -g, --grace MS       what still lives MS milliseconds later gets KILL
  -t, --tree           so does everything that COMMAND started, and what that started
  -p, --parent PID     the process that is meant: if it is the parent no more, COMMAND is not run
  -h, --help           show this
  -V, --version        print the version

Without --grace and --tree it becomes COMMAND: same pid, and nothing of deathpact is left. With them it stays as COMMAND's
parent, hands on signals and ends as COMMAND does.

Exit code: that of COMMAND, or
    2 wrong usage                    71 another error of the system
   69 not supported here            126 COMMAND could not be executed
   70 a fault of this program       127 COMMAND was not found
A parent that is gone already ends it by SIGNAL.`;
