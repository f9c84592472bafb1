import CEmptyICUData
import CMalloc
import Glibc
import Processes

// One heap for all threads: what one of them frees serves the others, so that memory does not grow with
// the number of clips (Benchmarks/README.md).
_ = mallopt(M_ARENA_MAX, 1)

ProgramStart.openStreams()
// Without it, the first child says why none can be started.
try? ProgramStart.startGuard()

let app = DesktopApp()
exit(app.run(CommandLine.arguments))
