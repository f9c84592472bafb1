import Diagnostics
import FoundationEssentials
import MLTools
import Processes
import Synchronization
import SystemPackage

/// The reference script's run, in a child process.
struct ReferenceRun {
    let command: [String]
    let clip: FilePath
    let output: FilePath
    let child: SupervisedChild

    /// Makes masks and what else the script is asked for.
    func run(
        _ checkpoint: FilePath,
        _ options: [String],
        onFrame: @escaping @Sendable (Int) throws -> Void
    ) async throws -> ReferenceResult {
        let clock = FrameClock()
        let costs = Mutex<Costs?>(nil)
        let words =
            command + [
                "--input", clip.string, "--output", output.string, "--model", checkpoint.string,
                "--timings",
            ] + options
        let frames = Mutex(0)
        let end = try await child.run(words) { line in
            if let match = line.wholeMatch(of: /frame (\d+)\/\d+/), let count = Int(match.1) {
                clock.note(count)
                frames.withLock { $0 = count }
                try onFrame(count)
            } else if line.hasPrefix("{") {
                let found = try? JSONDecoder().decode(Costs.self, from: Data(line.utf8))
                costs.withLock { $0 = found ?? $0 }
            }
        }
        guard end.status == 0 else {
            throw EightCutError(
                .toolFailed,
                "cannot run the reference script",
                because: end.lines.suffix(3).joined(separator: " | "),
                remedy: "Are its packages whole? 8cut tools install --reference --reinstall"
            )
        }
        let peak = costs.withLock { $0?.peak_rss_bytes ?? 0 }
        return ReferenceResult(
            folder: output,
            frames: frames.withLock { $0 },
            timing: clock.timing(peakMemory: peak)
        )
    }

    /// What the script says in the end.
    private struct Costs: Decodable {
        // The script's name for it.
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let peak_rss_bytes: Int
    }
}

/// What the reference script has made.
struct ReferenceResult {
    let folder: FilePath
    let frames: Int
    let timing: EngineTiming
}
