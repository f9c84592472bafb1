import ClipExport
import ClipLibrary
import Diagnostics
import Files
import Localization
import Observation
import SystemPackage

/// The clips of the video that is shown, kept up to date while other processes change the library.
@MainActor
@Observable
package final class LibraryModel {
    /// By start.
    package private(set) var clips: [LibraryClip] = []
    /// By the ids of the clips.
    package private(set) var masks: [Int64: [LibraryMasks]] = [:]
    package private(set) var labels: [String] = []
    /// The usual categories and all that are in use.
    package private(set) var categories: [String] = LibraryModel.usualCategories

    /// The categories that the documentation names.
    package static let usualCategories = [
        "Human", "Animal", "Vehicle", "Tool", "Music", "Nature", "Sport", "Other",
    ]

    private let home: EightCutHome
    private let notices: NoticeModel
    private let undo: UndoModel
    @ObservationIgnored private var library: Library?
    @ObservationIgnored private var opening: Task<Library?, Never>?
    @ObservationIgnored private var fingerprint: FileFingerprint?
    @ObservationIgnored private var watching: Task<Void, Never>?
    @ObservationIgnored private var mark: Int?
    @ObservationIgnored private var videoWithHiddenClips: FileFingerprint?
    @ObservationIgnored var onChange: @MainActor () async -> Void = {}

    init(home: EightCutHome, _ notices: NoticeModel, _ undo: UndoModel) {
        self.home = home
        self.notices = notices
        self.undo = undo
    }

    /// Opens the library and checks every second whether others have changed it.
    func start() async {
        guard await opened() != nil else { return }
        await refresh()
        watching = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                await self?.lookForChanges()
            }
        }
    }

    func stop() { watching?.cancel() }

    /// The library, as soon as it is open.
    ///
    /// - Returns: nil if it cannot be opened, which was shown.
    func opened() async -> Library? {
        let task =
            opening
            ?? Task { [home] in
                do {
                    library = try await Library.open(home)
                } catch { notices.fail(error) }
                return library
            }
        opening = task
        return await task.value
    }

    private func lookForChanges() async {
        guard let library, let now = try? await library.changeMark(), now != mark else { return }
        mark = now
        await refresh()
    }

    /// Switches to another video; nil for none.
    func show(_ fingerprint: FileFingerprint?) async {
        self.fingerprint = fingerprint
        await refresh()
    }

    func refresh() async {
        guard let library else { return }
        do {
            let wanted = fingerprint
            var found: [LibraryClip] = []
            var runs: [Int64: [LibraryMasks]] = [:]
            if let wanted {
                let all = try await library.clips(of: wanted)
                found = Array(all.prefix(Limits.clips))
                noteHidden(all.count - found.count, of: wanted)
                runs = try await library.masks(of: found.map(\.id))
            }
            let known = try await library.labels()
            guard wanted == fingerprint else { return }
            if clips != found { clips = found }
            if masks != runs { masks = runs }
            let names = Self.suggestions(known.map(\.name))
            if labels != names { labels = names }
            let others = Set(Self.suggestions(known.map(\.category)))
                .subtracting(Self.usualCategories)
            let kinds = Self.usualCategories + others.sorted()
            if categories != kinds { categories = kinds }
            await onChange()
        } catch {
            notices.fail(error)
        }
    }

    /// Says once for each video that it has more clips than are shown.
    private func noteHidden(_ count: Int, of video: FileFingerprint) {
        guard count > 0, videoWithHiddenClips != video else { return }
        videoWithHiddenClips = video
        notices.say(localized("Only the first %1 clips are shown.", "\(Limits.clips)"))
    }

    /// Texts of the library that can be suggested in an entry, each once.
    private static func suggestions(_ texts: [String]) -> [String] {
        let some = texts.prefix(10 * Limits.labels).filter {
            !$0.isEmpty && displayed($0).utf8.elementsEqual($0.utf8)
        }
        return Array(Set(some).sorted().prefix(Limits.labels))
    }

    func clipCount(of fingerprint: FileFingerprint) async -> Int {
        (try? await library?.clipCount(of: fingerprint)) ?? 0
    }

    /// The clips of a video; none for no video.
    func clips(of fingerprint: FileFingerprint?) async -> [LibraryClip] {
        guard let fingerprint else { return [] }
        let clips = try? await opened()?.clips(of: fingerprint)
        return Array((clips ?? []).prefix(Limits.clips))
    }

    func clip(at path: String) async -> LibraryClip? {
        (try? await library?.clip(at: path)) ?? nil
    }

    /// The first clip that starts after a time; after the last one the first.
    package func clip(after seconds: Double) -> LibraryClip? {
        clips.first { $0.startSeconds > seconds + 0.001 } ?? clips.first
    }

    package func relabel(_ clip: LibraryClip, label: String, category: String) async {
        let before = (clip.label ?? "", clip.category ?? "")
        guard before != (label, category) else { return }
        do {
            try await set(clip.id, (label, category))
            undo.note(localized("Relabel %1", name(of: clip))) { [self] in
                try await set(clip.id, before)
            } redo: { [self] in
                try await set(clip.id, (label, category))
            }
        } catch { notices.fail(error) }
    }

    private func set(_ id: Int64, _ new: (label: String, category: String)) async throws {
        try await library?.relabel(id, label: new.label, category: new.category)
        for aside in try await library?.publish([id]) ?? [] { DatasetFile.reportDamage(aside) }
        await refresh()
    }

    /// Moves a clip and its masks to the trash.
    package func delete(_ clip: LibraryClip) async {
        guard let library else { return }
        do {
            let deletion = ClipDeletion(library, permanently: false)
            guard let first = try await deletion.delete(clip.id) else { return }
            await refresh()
            let text = localized("%1 was moved to the trash", name(of: clip))
            guard first.canBeRestored else { return notices.say(text) }
            var deleted = first
            let step = undo.note(localized("Delete %1", name(of: clip))) { [self] in
                try await deletion.restore(deleted)
                await refresh()
            } redo: { [self] in
                if let again = try await deletion.delete(clip.id) { deleted = again }
                await refresh()
            }
            notices.say(text, button: localized("Undo")) { [undo] in
                Task { await undo.undo(step) }
            }
        } catch { notices.fail(error) }
    }

    /// The file name of a clip as it is shown.
    package func name(of clip: LibraryClip) -> String {
        displayed(FilePath(clip.path).lastComponent?.string ?? clip.path)
    }
}
