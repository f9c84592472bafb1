import Checkpoints
import Diagnostics
import Files
import Localization
import MLTools
import Observation
import Progress

/// The ML tools: whether they are there, and installing them.
@MainActor
@Observable
package final class ToolsModel {
    /// Nil until it is known.
    package private(set) var status: ToolsStatus?
    /// Whether they are being installed or removed.
    package private(set) var isBusy = false
    /// The latest lines of pip's output.
    package private(set) var log: [String] = []
    /// Counts all lines, also those that the log has dropped.
    package private(set) var lineCount = 0

    private let home: EightCutHome
    private let program: CommandLineProgram
    private let notices: NoticeModel
    @ObservationIgnored private var running: Task<Void, Never>?

    private static let mostLines = 5000

    init(home: EightCutHome, _ program: CommandLineProgram, _ notices: NoticeModel) {
        self.home = home
        self.program = program
        self.notices = notices
    }

    package var areInstalled: Bool { status?.state == .installed }

    package var statusText: String {
        switch status?.state {
        case nil: localized("Checking…")
        case .absent: localized("Not installed")
        case .incomplete: localized("Incomplete")
        case .broken: localized("Broken")
        case .installed: localized("Installed")
        }
    }

    /// Version, device and size, or the reason why they cannot be used.
    package var detailText: String {
        guard let status else { return "" }
        guard status.state == .installed else {
            return status.reason.map { localized(MessageText($0)) } ?? ""
        }
        var details = [localized("ONNX Runtime %1", status.runtime ?? "?")]
        details += status.devices.map { $0.gpu ?? $0.name }
        // What pip has put beside the program is not ours to measure.
        if status.sizeOnDisk > 0 { details.append(ByteCount.text(status.sizeOnDisk)) }
        return details.joined(separator: " · ")
    }

    func refresh() async {
        do {
            status = try await ToolsStatus.read(home: home, program: program.path)
        } catch { notices.fail(error) }
    }

    /// Installs or reinstalls them.
    package func install() {
        guard running == nil else { return }
        let isThere = status?.state != .absent
        work(["tools", "install"] + (isThere ? ["--reinstall"] : [])) { [notices] in
            notices.say(localized("The ML tools were installed."))
        }
    }

    /// Stops the installation. The previous one is restored.
    package func cancel() { running?.cancel() }

    /// Stops everything and waits for its end.
    func stop() async {
        running?.cancel()
        await running?.value
    }

    private func work(_ arguments: [String], _ done: @escaping @MainActor () -> Void) {
        isBusy = true
        log = []
        lineCount = 0
        running = Task { [weak self, program] in
            do {
                // pip writes nothing while it downloads a wheel of some hundred megabytes.
                let run = CommandRun(
                    program: program,
                    arguments: arguments,
                    silenceLimit: CommandRun.silenceLimit * 12,
                    // pip ends at once; deleting what it has unpacked may take a while.
                    grace: .seconds(10)
                )
                try await run.run { [weak self] event in await self?.take(event) }
                done()
            } catch {
                if let error = error as? EightCutError { self?.add("\(error)") }
                self?.notices.fail(error)
            }
            // In a task of its own, so that it also runs after a cancel.
            await Task { await self?.refresh() }.value
            self?.isBusy = false
            self?.running = nil
        }
    }

    private func take(_ event: ProgressEvent) {
        switch event {
        case .output(let output): add(output.line)
        case .warning(let warning): add(localized(warning.text))
        default: break
        }
    }

    private func add(_ line: String) {
        if log.count >= Self.mostLines { log.removeFirst(Self.mostLines / 2) }
        log.append(displayed(line, limit: Limits.pathBytes))
        lineCount += 1
    }
}
