import Glibc

let app = DesktopApp()
exit(app.run(CommandLine.arguments))
