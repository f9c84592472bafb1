import Diagnostics
import Files
import Localization
import Observation
import SystemPackage

/// The videos that are open.
@MainActor
@Observable
package final class PlaylistModel {
    /// All of them, in the order in which they were opened.
    package private(set) var items: [VideoItem] = []
    /// The one that is shown.
    package private(set) var current: VideoItem?

    private let notices: NoticeModel
    private let undo: UndoModel
    private var probing: Task<Void, Never>?
    private var waiting: [VideoItem] = []
    @ObservationIgnored var onShow: @MainActor (VideoItem?) -> Void = { _ in }
    @ObservationIgnored var onProbed: @MainActor (VideoItem) -> Void = { _ in }

    /// Ways in which names of videos end, to pick them out of folders.
    private nonisolated static let endings: Set<String> = [
        "3gp", "asf", "avi", "flv", "gif", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts",
        "mxf", "nut", "ogv", "ts", "vob", "webm", "wmv",
    ]

    init(_ notices: NoticeModel, _ undo: UndoModel) {
        self.notices = notices
        self.undo = undo
    }

    /// Opens videos; of folders those that lie in them. Shows the first that is new.
    package func add(_ paths: [String]) async {
        let found = await background {
            paths.flatMap { Self.videos(at: FilePath($0).absolute) }
        }
        guard !found.isEmpty else {
            if let path = paths.first {
                notices.fail(
                    EightCutError(
                        .inputMissing,
                        "cannot open",
                        on: path,
                        because: "there are no videos in it",
                        remedy: "Choose a video, or a folder that holds some."
                    )
                )
            }
            return
        }
        var first: VideoItem?
        for path in found {
            if let item = items.first(where: { $0.path == path }) {
                first = first ?? item
                // It may have been mended meanwhile.
                if item.isBroken {
                    item.state = .probing
                    waiting.append(item)
                }
                continue
            }
            let item = VideoItem(path)
            items.append(item)
            waiting.append(item)
            first = first ?? item
        }
        if let first { show(first) }
        probeWaiting(tellsFailures: found.count == 1)
    }

    /// Puts back what was open before, without a word about what is gone.
    func restore(_ entries: [(path: FilePath, cursor: Double)], current: FilePath?) {
        items = entries.map { VideoItem($0.path, cursor: $0.cursor) }
        waiting = items
        if let item = items.first(where: { $0.path == current }) ?? items.first { show(item) }
        probeWaiting(tellsFailures: false)
    }

    /// Shows a video.
    package func show(_ item: VideoItem) {
        if let place = waiting.firstIndex(where: { $0 === item }) {
            // What is looked at comes first.
            waiting.insert(waiting.remove(at: place), at: 0)
        }
        current = item
        onShow(item)
    }

    /// Shows the next video, or the first behind the last.
    package func showNext() {
        guard let current, let place = items.firstIndex(where: { $0 === current }) else { return }
        show(items[(place + 1) % items.count])
    }

    /// Takes a video off the list. The file stays.
    package func remove(_ item: VideoItem) {
        guard let place = items.firstIndex(where: { $0 === item }) else { return }
        take(item)
        undo.note(localized("Remove %1 from the list", item.name)) { [self] in
            guard !items.contains(where: { $0.path == item.path }) else { return }
            items.insert(item, at: min(place, items.count))
            show(item)
            if item.state == .probing {
                waiting.append(item)
                probeWaiting(tellsFailures: false)
            }
        } redo: { [self] in
            take(item)
        }
        notices.say(localized("%1 was removed from the list", item.name))
    }

    private func take(_ item: VideoItem) {
        guard let place = items.firstIndex(where: { $0 === item }) else { return }
        items.remove(at: place)
        waiting.removeAll { $0 === item }
        guard current === item else { return }
        current = items.isEmpty ? nil : items[min(place, items.count - 1)]
        onShow(current)
    }

    private func probeWaiting(tellsFailures: Bool) {
        guard probing == nil else { return }
        probing = Task { [self] in
            while !waiting.isEmpty {
                let item = waiting.removeFirst()
                await item.probe()
                if tellsFailures, case .broken(let error) = item.state { notices.fail(error) }
                onProbed(item)
                if item === current { onShow(item) }
                await item.takePicture()
            }
            probing = nil
        }
    }

    private nonisolated static func videos(at path: FilePath) -> [FilePath] {
        guard (try? Folder.kind(of: path)) == .folder else { return [path] }
        let names = (try? Folder.names(in: path)) ?? []
        return names.sorted().filter { name in
            guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
            return endings.contains(name[name.index(after: dot)...].lowercased())
        }.map { path.appending($0) }
    }
}
