import ClipLibrary
import ClipReview
import Files
import Progress
import ReviewPage
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Which clips a page asks about, and in which order. The clips have no files, so each is named as one
/// that cannot be shown.
@Suite struct SelectionTests {
    /// Keeps the warnings.
    private final class Warnings: ProgressReporter {
        private let all = Mutex([String]())

        func report(_ event: ProgressEvent) {
            if case .warning(let warning) = event { all.withLock { $0.append(warning.message) } }
        }

        var messages: [String] { all.withLock { $0 } }

        /// The numbers of the clips that are left out.
        var clips: [Int64] {
            messages.compactMap { message in
                message.firstMatch(of: /^clip (\d+) is left out/).flatMap { Int64($0.1) }
            }
        }
    }

    private let folder: TemporaryFolder
    private let library: Library

    init() async throws {
        folder = try TemporaryFolder()
        library = try Library.inMemory()
        // The higher the number, the lower the score.
        for number in 1...9 { try await add(number, score: 1 - Double(number) / 10) }
    }

    private func digest(_ clip: Int64) -> String {
        let digits = String(clip, radix: 16)
        return String(repeating: "0", count: 64 - digits.utf8.count) + digits
    }

    private func add(_ number: Int, score: Double?, hasMasks: Bool = true) async throws {
        let path = folder["clips"].appending("dog_00\(number).mp4").string
        let info = ClipInfo(
            path: path,
            label: number.isMultiple(of: 2) ? "even" : "odd",
            category: nil,
            start: number * 1_000_000_000,
            duration: 8,
            frameCount: 200,
            frameRate: "25/1",
            width: 1280,
            height: 720,
            sampleRate: nil,
            sampleCount: nil,
            settings: "{}"
        )
        let draft = ClipDraft(info, pending: path + ".part")
        let file = FileFingerprint(bytes: 1, modified: 1, headAndTailSHA256: "hash of \(number)")
        let id = try await library.begin([draft], of: "/videos/dog.mp4", file)[0]
        try await library.finish(id, draft, file)
        guard hasMasks else { return }
        try await library.recordMasks(
            of: id,
            method: "saliency",
            path: folder["clips"].appending("dog_00\(number)_masks").string,
            settings: "{}",
            frameCount: 200,
            score: score,
            digest: digest(id)
        )
    }

    private func judge(
        _ clip: Int64,
        _ verdict: Verdict,
        by reviewer: String,
        of masks: String? = nil
    ) async throws {
        let verdict = ClipVerdict(
            clip: clip,
            verdict,
            by: reviewer,
            at: 1000,
            masksDigest: masks ?? digest(clip)
        )
        try await library.record([verdict])
    }

    private func asked(_ filter: ClipFilter = ClipFilter(), limit: Int? = nil) async throws
        -> Warnings
    {
        let warnings = Warnings()
        let summary = try await PageRun(
            library,
            PageSelection(filter, try Reviewer("maria"), limit: limit),
            in: folder["page"],
            width: 320,
            reporter: warnings
        ).run()
        #expect(summary.shown == 0 && summary.failed == warnings.clips.count)
        return warnings
    }

    @Test func theWorstComeFirstAndEveryFourthByChance() async throws {
        let clips = try await asked().clips
        #expect(Set(clips) == Set(1...9) && clips.count == 9)
        #expect(clips[0..<3] == [9, 8, 7])
        for run in [clips[0..<3], clips[4..<7]] { #expect(run.sorted(by: >) == Array(run)) }
    }

    @Test func aLimitTakesTheFirst() async throws {
        #expect(try await asked(limit: 3).clips == [9, 8, 7])
    }

    @Test func whatOneHasJudgedIsNotAskedAgain() async throws {
        try await judge(9, .undecided, by: "maria")
        try await judge(8, .reject, by: "jonas")
        // On masks that have been made again since.
        try await judge(7, .keep, by: "maria", of: digest(77))
        #expect(try await asked(limit: 2).clips == [8, 7])
    }

    @Test func clipsAreChosenByTheirVerdicts() async throws {
        try await judge(3, .undecided, by: "maria")
        try await judge(5, .keep, by: "jonas")
        var filter = ClipFilter()
        filter.verdict = .given(.undecided)
        #expect(try await asked(filter).clips == [3])
        filter.verdict = .given(.keep)
        #expect(try await asked(filter).clips == [5])
        filter.verdict = VerdictFilter.none
        #expect(try await Set(asked(filter).clips) == [1, 2, 4, 6, 7, 8, 9])
    }

    @Test func clipsAreChosenByScoreAndLabel() async throws {
        var filter = ClipFilter()
        filter.scoreBelow = 0.35
        filter.label = "odd"
        #expect(try await asked(filter).clips == [9, 7])
    }

    @Test func clipsWithoutMasksAreCounted() async throws {
        try await add(10, score: nil, hasMasks: false)
        try await add(11, score: nil)
        let warnings = try await asked()
        #expect(warnings.messages.contains("left out: 1 clip without masks"))
        // Masks that were not judged come before all others.
        #expect(warnings.clips.first == 11 && warnings.clips.count == 10)
    }
}
