import CGtk
import DesktopModel
import GtkKit
import Imaging
import Localization

/// The open videos, each with a thumbnail, its length and the number of its clips.
final class PlaylistView {
    let widget: Widget
    private let list = ListBox()
    private let model: AppModel
    private var rows: [PlaylistRow] = []

    init(_ model: AppModel) {
        self.model = model
        list.styled("playlist", "navigation-sidebar")
        list.accessibleName = localized("Playlist")
        list.setPlaceholder(
            Label(localized("Videos that you open are listed here."), wraps: true)
                .styled("dim-label").margins(horizontal: 12, vertical: 24)
        )
        widget = ScrolledWindow(list).sizeRequest(width: 262).expanding(
            horizontally: false,
            vertically: true
        )
        list.onActivate { place in
            if model.playlist.items.indices.contains(place) {
                model.playlist.show(model.playlist.items[place])
            }
        }
        list.bind { [unowned self] in
            update()
            let current = model.playlist.current
            list.select(model.playlist.items.firstIndex { $0 === current })
        }
    }

    private func update() {
        let items = model.playlist.items
        guard !rows.elementsEqual(items, by: { $0.item === $1 }) else { return }
        for row in rows where !items.contains(where: { $0 === row.item }) {
            list.remove(row.widget)
        }
        var known: [ObjectIdentifier: PlaylistRow] = [:]
        for row in rows { known[ObjectIdentifier(row.item)] = row }
        rows = items.enumerated().map { place, item in
            if let row = known[ObjectIdentifier(item)] { return row }
            let row = PlaylistRow(item, model)
            list.insert(row.widget, at: place)
            return row
        }
    }
}

/// A row of the playlist.
final class PlaylistRow {
    let item: VideoItem
    let widget: ListBoxRow
    private let thumbnail = DrawingArea(role: GTK_ACCESSIBLE_ROLE_PRESENTATION, name: "")
    private let name = Label().styled("title").ellipsized(minChars: 10)
    private let details = Label().styled("dim-label", "caption").ellipsized()
    private var surface: Surface?

    init(_ item: VideoItem, _ model: AppModel) {
        self.item = item
        let remove = Button(
            icon: "list-remove-symbolic",
            name: localized("Remove %1 from the List", item.name)
        ) { model.playlist.remove(item) }
        remove.styled("flat", "circular").valign(GTK_ALIGN_CENTER)
        thumbnail.sizeRequest(width: 72, height: 42)
        let texts = Box.column(spacing: 2, name, details).expanding()
            .valign(GTK_ALIGN_CENTER)
        widget = ListBoxRow(Box.row(spacing: 8, thumbnail, texts, remove), name: item.name)
        widget.tooltip = displayed(item.path.string, limit: Limits.pathBytes)
        thumbnail.draw { [unowned self] canvas, width, height in
            canvas.fill(0, 0, width, height, canvas.textColour.faded(0.1))
            guard let surface else { return }
            let scale = min(width / Double(surface.width), height / Double(surface.height))
            let size = (Double(surface.width) * scale, Double(surface.height) * scale)
            canvas.image(surface, (width - size.0) / 2, (height - size.1) / 2, size.0, size.1)
        }
        widget.bind { [unowned self] in update() }
    }

    private func update() {
        name.text = item.name
        surface = item.thumbnail.map { Surface($0) }
        thumbnail.queueDraw()
        details.setStyle("error", item.isBroken)
        switch item.state {
        case .probing: details.text = localized("Checking…")
        case .broken(let error):
            details.text = localized("Cannot be used: %1", displayed(error.localizedWhy))
        case .ready:
            let length = item.duration.map { TimeText.whole($0.rounded()) } ?? "?"
            let count = pluralized("1 clip", "%1 clips", item.clipCount)
            details.text = length + " · " + count
        }
    }
}
