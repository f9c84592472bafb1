import Diagnostics
import Files
import FoundationEssentials
import NeuralGraph
import OnnxEngine
import Processes
import SystemPackage

/// What is said once of how models run on this machine: what was chosen, and what would be faster.
struct FirstRunAdvice {
    /// Remembers in the home folder what was said.
    private static let file: FilePath.Component = "advice.json"
    /// No more lines than anybody has machines.
    private static let most = 100

    /// What was chosen: said again when that has changed, as on another machine with the same home.
    private let key: String
    private let text: String

    /// - Parameters:
    ///   - session: how models run.
    ///   - precision: their arithmetic.
    ///   - cores: how many cores there are.
    ///   - features: what the CPU can do.
    init(
        _ session: SessionSettings,
        _ precision: Precision,
        cores: Int = AvailableCores.physicalCount,
        features: CPUFeatures = .current
    ) {
        guard session.device == .cpu else {
            key = "\(session.device)"
            text =
                "using the GPU \(session.device)"
                + (precision == .float32
                    ? "; --precision fp16 computes with half as many bits, which is faster and a "
                        + "little less exact" : "")
            return
        }
        let threads = session.threads
        key = "cpu \(threads) of \(cores)"
        // Benchmarks/README.md: Depth Small 1.17 → 0.88 s a frame, SAM 2 Tiny 4.68 → 3.58,
        // Depth Large 10.99 → 6.35, all on CPUs with VNNI.
        let faster =
            precision == .float32 && features.hasExactByteProducts
            ? "; --precision int8 is 1.3 to 1.7 times as fast, and a little less exact" : ""
        text =
            "using \(threads) \(threads == 1 ? "thread" : "threads")"
            + (threads == cores ? ", one for each core" : "") + " (--threads changes it)" + faster
    }

    /// How a batch divides the cores.
    ///
    /// - Parameters:
    ///   - copies: how many copies of a model work side by side.
    ///   - threads: how many threads each has.
    init(copies: Int, threads: Int) {
        key = "batch \(copies) x \(threads)"
        text =
            "using \(copies) \(copies == 1 ? "copy" : "copies") of a model with \(threads) "
            + "\(threads == 1 ? "thread" : "threads") each (--copies changes it)"
    }

    /// Says it, unless it was said before.
    ///
    /// - Parameters:
    ///   - log: receives it.
    ///   - home: remembers it. Where it cannot, the next run says it again.
    func give(_ log: Log, home: EightCutHome = .current) {
        guard log.advises else { return }
        let folder = try? OpenFolder.ifPresent(home.path)
        let bytes = (try? folder?.read(Self.file, limit: 1 << 16)) ?? nil
        let said = bytes.flatMap { try? JSONDecoder().decode([String].self, from: Data($0)) } ?? []
        guard !said.contains(key) else { return }
        log.note(text)
        guard let json = try? JSONText.line((said + [key]).suffix(Self.most)) else { return }
        try? home.open().write(json + "\n", to: Self.file, permissions: .privateFile)
    }
}
