import Checkpoints
import Diagnostics
import Files
import Localization
import Observation
import Progress

/// The checkpoints: which are there, downloading and removing them.
@MainActor
@Observable
package final class CheckpointsModel {
    /// A checkpoint of the list.
    package struct Entry: Sendable, Equatable, Identifiable {
        /// Its name.
        package let id: String
        /// Bytes of the download.
        package let bytes: Int
        /// Its licence, by its SPDX identifier.
        package let licence: String
        /// Whether the licence must be accepted before it is downloaded.
        package let needsYes: Bool
        /// How much is there.
        package let state: InstalledCheckpoint.State
    }

    /// All of them.
    package private(set) var entries: [Entry] = []
    /// The one that is being downloaded.
    package private(set) var downloading: String?
    /// How far the download has come.
    package private(set) var progress: ProgressEvent.Progress?

    private let home: EightCutHome
    private let program: CommandLineProgram
    private let notices: NoticeModel
    @ObservationIgnored private var running: Task<Void, Never>?

    init(home: EightCutHome, _ program: CommandLineProgram, _ notices: NoticeModel) {
        self.home = home
        self.program = program
        self.notices = notices
    }

    /// Looks at the disk.
    func refresh() async {
        let home = self.home
        do {
            let found = try await background {
                let settings = try HubSettings.ofProcess()
                let accepted = AcceptedLicences(home)
                return CheckpointCatalogue.all.map { checkpoint in
                    Entry(
                        id: checkpoint.name,
                        bytes: checkpoint.bytes,
                        licence: checkpoint.licence.rawValue,
                        needsYes: !accepted.allow(checkpoint),
                        state: InstalledCheckpoint(checkpoint, settings: settings, home: home)
                            .state
                    )
                }
            }
            if entries != found { entries = found }
        } catch { notices.fail(error) }
    }

    /// Downloads a checkpoint, after its licence was accepted where that is needed.
    package func download(_ entry: Entry) {
        guard running == nil else { return }
        running = Task { [weak self] in
            await self?.fetch(entry)
            self?.downloading = nil
            self?.progress = nil
            self?.running = nil
            await self?.refresh()
        }
    }

    private func fetch(_ entry: Entry) async {
        var words = ["models", "download", entry.id]
        if entry.needsYes {
            let heading = localized("Accept the licence %1?", entry.licence)
            let body = localized("%1 may not be used for commercial purposes.", entry.id)
            guard await notices.ask(heading, body, yes: localized("Accept")) else { return }
            words.append("--accept-license")
        }
        downloading = entry.id
        do {
            try await CommandRun(program: program, arguments: words).run { [weak self] event in
                if case .progress(let progress) = event { await self?.set(progress) }
            }
            notices.say(localized("%1 was downloaded.", entry.id))
        } catch { notices.fail(error) }
    }

    private func set(_ progress: ProgressEvent.Progress) { self.progress = progress }

    /// Stops the download. What has come is kept.
    package func cancel() { running?.cancel() }

    /// Stops, and waits until nothing goes on any more.
    func stop() async {
        running?.cancel()
        await running?.value
    }

    /// Deletes a checkpoint from the disk.
    package func remove(_ entry: Entry) async {
        guard
            await notices.ask(
                localized("Remove %1?", entry.id),
                localized("It can be downloaded again."),
                yes: localized("Remove"),
                isDestructive: true
            )
        else { return }
        let home = self.home
        do {
            _ = try await background {
                let settings = try HubSettings.ofProcess()
                let checkpoint = try CheckpointCatalogue.named(entry.id)
                return try CheckpointRemoval(
                    InstalledCheckpoint(checkpoint, settings: settings, home: home)
                ).run()
            }
        } catch { notices.fail(error) }
        await refresh()
    }
}
