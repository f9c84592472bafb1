import Glibc

exit(DesktopApp().run(CommandLine.arguments))
