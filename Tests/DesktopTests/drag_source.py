"""A window from which files can be dragged, as from a file manager.

usage: drag_source.py FILE…
"""

import pathlib
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

addresses = "".join(pathlib.Path(path).resolve().as_uri() + "\r\n" for path in sys.argv[1:])
window = Gtk.Window(title="drag source", default_width=200, default_height=200, decorated=False)
file = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, valign=Gtk.Align.CENTER, spacing=6)
file.append(Gtk.Image(icon_name="video-x-generic", pixel_size=64))
file.append(Gtk.Label(label=pathlib.Path(sys.argv[1]).name))
source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
source.set_content(
    Gdk.ContentProvider.new_for_bytes("text/uri-list", GLib.Bytes.new(addresses.encode()))
)
window.set_child(file)
window.add_controller(source)
window.present()
GLib.MainLoop().run()
