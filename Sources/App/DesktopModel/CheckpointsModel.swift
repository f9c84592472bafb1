import Checkpoints
import Diagnostics
import Files
import Localization
import Observation
import Progress

/// The checkpoints: their states, downloading and removing them.
@MainActor
@Observable
package final class CheckpointsModel {
    package struct Entry: Sendable, Equatable, Identifiable {
        package let id: String
        /// Size of the download.
        package let bytes: Int
        /// An SPDX identifier.
        package let licence: String
        /// Whether the licence must be accepted before the download.
        package let needsYes: Bool
        package let state: InstalledCheckpoint.State
    }

    package private(set) var entries: [Entry] = []
    /// The names of those that are complete.
    package var downloaded: [String] {
        entries.filter { if case .complete = $0.state { true } else { false } }.map(\.id)
    }

    /// The checkpoint that is being downloaded.
    package private(set) var downloading: String?
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

    /// Downloads a checkpoint, after asking for its licence if needed.
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
        var arguments = ["models", "download", entry.id]
        if entry.needsYes {
            let heading = localized("Accept the licence %1?", entry.licence)
            let body = localized("%1 may not be used for commercial purposes.", entry.id)
            guard await notices.ask(heading, body, yes: localized("Accept")) else { return }
            arguments.append("--accept-license")
        }
        downloading = entry.id
        do {
            try await CommandRun(program: program, arguments: arguments).run { [weak self] event in
                if case .progress(let progress) = event { await self?.set(progress) }
            }
            notices.say(localized("%1 was downloaded.", entry.id))
        } catch { notices.fail(error) }
    }

    private func set(_ progress: ProgressEvent.Progress) { self.progress = progress }

    /// Stops the download; the next one continues it.
    package func cancel() { running?.cancel() }

    /// Stops everything and waits for its end.
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
