import Diagnostics
import Files
import Imaging
import Localization
import Media
import Observation
import SystemPackage

/// The videos that are open.
@MainActor
@Observable
package final class PlaylistModel {
    /// In the order in which they were opened.
    package private(set) var items: [VideoItem] = []
    /// The video that is shown.
    package private(set) var current: VideoItem?

    private let notices: NoticeModel
    private let undo: UndoModel
    private var probing: Task<Void, Never>?
    private var waiting: [VideoItem] = []
    /// Called to show a video, also if it is the current one.
    @ObservationIgnored var onShow: @MainActor (VideoItem?) -> Void = { _ in }

    init(_ notices: NoticeModel, _ undo: UndoModel) {
        self.notices = notices
        self.undo = undo
    }

    /// Opens videos, and the videos in folders, in the natural order of their names. Shows the first
    /// one.
    ///
    /// - Parameters:
    ///   - paths: files and folders.
    ///   - addresses: what was to be opened and is no file; why not is shown.
    package func add(_ paths: [FilePath], addresses: [String] = []) async {
        if let address = addresses.first { notices.refuse(address: address) }
        let all = await background { Self.videos(at: paths) }
        let found = all.filter(\.isUsable)
        if let path = all.first(where: { !$0.isUsable }) { notices.refuse(path) }
        guard !all.isEmpty else {
            if let path = paths.first {
                notices.fail(
                    EightCutError(
                        .inputMissing,
                        "cannot open",
                        on: displayed(path.string),
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
                // The file may have been repaired since.
                if item.isBroken {
                    item.state = .probing
                    waiting.append(item)
                }
                continue
            }
            guard items.count < Limits.videos else {
                refuseFurther(path)
                break
            }
            let item = VideoItem(path)
            items.append(item)
            waiting.append(item)
            first = first ?? item
        }
        if let first { show(first) }
        probeWaiting(reportsFailures: found.count == 1)
    }

    private func refuseFurther(_ path: FilePath) {
        notices.fail(
            EightCutError(
                .inputUnusable,
                "cannot open",
                on: displayed(path.string),
                because: "the list holds \(Limits.videos) videos already",
                remedy: "Remove some of them from the list first."
            )
        )
    }

    /// Reopens the videos of the last session, without errors for missing ones.
    func restore(
        _ entries: [(path: FilePath, cursor: Double, options: VideoOptions)],
        current: FilePath?
    ) {
        items = entries.map { VideoItem($0.path, cursor: $0.cursor, $0.options) }
        waiting = items
        if let item = items.first(where: { $0.path == current }) ?? items.first { show(item) }
        probeWaiting(reportsFailures: false)
    }

    package func show(_ item: VideoItem) {
        if let index = waiting.firstIndex(where: { $0 === item }) {
            // The video that is shown is probed first.
            waiting.insert(waiting.remove(at: index), at: 0)
        }
        current = item
        onShow(item)
    }

    /// Reads the video that is shown in another way: another stream, or deinterlaced.
    package func read(_ options: VideoOptions) {
        guard let item = current, item.source != nil, item.options != options else { return }
        let before = item.options
        item.options = options
        Task {
            do {
                try await item.probe(options)
                if item === current { onShow(item) }
                await item.loadThumbnail()
            } catch {
                if item.options == options { item.options = before }
                notices.fail(error)
            }
        }
    }

    /// Shows the next video; after the last one the first.
    package func showNext() {
        guard let current, let index = items.firstIndex(where: { $0 === current }) else { return }
        show(items[(index + 1) % items.count])
    }

    /// Removes a video from the list. The file stays.
    package func remove(_ item: VideoItem) {
        guard let index = items.firstIndex(where: { $0 === item }) else { return }
        take(item)
        undo.note(localized("Remove %1 from the list", item.name)) { [self] in
            guard !items.contains(where: { $0.path == item.path }) else { return }
            items.insert(item, at: min(index, items.count))
            show(item)
            if item.state == .probing {
                waiting.append(item)
                probeWaiting(reportsFailures: false)
            }
        } redo: { [self] in
            take(item)
        }
        notices.say(localized("%1 was removed from the list", item.name))
    }

    private func take(_ item: VideoItem) {
        guard let index = items.firstIndex(where: { $0 === item }) else { return }
        items.remove(at: index)
        waiting.removeAll { $0 === item }
        guard current === item else { return }
        current = items.isEmpty ? nil : items[min(index, items.count - 1)]
        onShow(current)
    }

    private func probeWaiting(reportsFailures: Bool) {
        guard probing == nil else { return }
        probing = Task { [self] in
            while !waiting.isEmpty {
                let item = waiting.removeFirst()
                await item.probe()
                if reportsFailures, case .broken(let error) = item.state { notices.fail(error) }
                if item === current { onShow(item) }
                await item.loadThumbnail()
            }
            probing = nil
        }
    }

    /// File choosers and drops have no order of their own.
    private nonisolated static func videos(at paths: [FilePath]) -> [FilePath] {
        paths.map(\.absolute).flatMap(videos).map { (NaturalOrder($0.string), $0) }
            .sorted { $0.0 < $1.0 }.map(\.1)
    }

    private nonisolated static func videos(at path: FilePath) -> [FilePath] {
        guard (try? Folder.kind(of: path)) == .folder else { return [path] }
        let names = (try? OpenFolder(path).names()) ?? []
        return names.filter { name in
            let isHidden = name.string.utf8.first == UInt8(ascii: ".")
            return !isHidden && VideoEnding.all.contains(name.extension?.lowercased() ?? "")
        }.map { path.appending($0) }
    }
}

/// A video of the playlist.
@MainActor
@Observable
package final class VideoItem: Identifiable {
    package enum State: Equatable {
        case probing
        case ready(MediaSource)
        /// It cannot be used.
        case broken(EightCutError)
    }

    package let path: FilePath
    package internal(set) var state = State.probing
    package internal(set) var thumbnail: ScreenImage?
    package internal(set) var clipCount = 0
    /// The cursor in seconds when the video was shown last.
    package internal(set) var cursor = 0.0
    /// Identifies the video in the library; nil until it is known.
    private(set) var fingerprint: FileFingerprint?
    /// How it is read.
    package internal(set) var options: VideoOptions

    /// Its name as it is shown.
    package var name: String { displayed(path.lastComponent?.string ?? path.string) }

    package var source: MediaSource? {
        if case .ready(let source) = state { return source }
        return nil
    }

    package var isBroken: Bool {
        if case .broken = state { return true }
        return false
    }

    /// In seconds, if it is known.
    package var duration: Double? { source?.video.duration }

    init(_ path: FilePath, cursor: Double = 0, _ options: VideoOptions = VideoOptions()) {
        self.path = path
        self.cursor = cursor
        self.options = options
    }

    func probe() async {
        guard state == .probing else { return }
        do {
            do {
                try await probe(options)
            } catch let error as EightCutError where error.code == .usage {
                // The file has been replaced by one without that stream.
                options.stream = nil
                try await probe(options)
            }
        } catch let error as EightCutError {
            state = .broken(error)
        } catch {}
    }

    /// Finds out what there is to know about it when it is read like that.
    func probe(_ options: VideoOptions) async throws {
        let path = self.path
        let source = try await VideoProbe.source(of: path, options)
        let fingerprint = try await background { try FileFingerprint(of: path) }
        guard options == self.options else { return }
        if source.video.number != self.source?.video.number { thumbnail = nil }
        self.fingerprint = fingerprint
        state = .ready(source)
    }

    func loadThumbnail() async {
        guard let source, thumbnail == nil else { return }
        let middle = min(10, (source.video.duration ?? 0) / 3)
        thumbnail = try? await Thumbnails(of: source, height: 72).image(at: middle)
    }
}
