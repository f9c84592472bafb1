"""Stands in for the desktop's trash portal, as a sandbox sees it: what it takes is gone.

usage: trash_portal.py FOLDER     moves files there until it is ended
"""

import os
import pathlib
import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
INTERFACE = """
<node>
  <interface name="org.freedesktop.portal.Trash">
    <method name="TrashFile">
      <arg type="h" name="fd" direction="in"/>
      <arg type="u" name="result" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
</node>
"""


def serve(folder):
    refused = folder / "refuse"

    def take(connection, sender, path, interface, method, arguments, invocation):
        descriptor = invocation.get_message().get_unix_fd_list().get(arguments.unpack()[0])
        file = pathlib.Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        os.close(descriptor)
        if refused.exists() and refused.read_text() in file.name:
            invocation.return_value(GLib.Variant("(u)", (0,)))
            return
        os.rename(file, folder / file.name)
        invocation.return_value(GLib.Variant("(u)", (1,)))

    def version(*_):
        return GLib.Variant("u", 1)

    def own(connection, _):
        interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        connection.register_object(PATH, interface, take, version, None)

    loop = GLib.MainLoop()
    Gio.bus_own_name(
        Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, own,
        lambda *_: print("ready", flush=True), lambda *_: loop.quit(),
    )
    loop.run()


if __name__ == "__main__":
    serve(pathlib.Path(sys.argv[1]))
