import Glibc
import Processes

ProgramStart.openStreams()
// Without it, the first child says why none can be started.
try? ProgramStart.startGuard()

let app = DesktopApp()
exit(app.run(CommandLine.arguments))
