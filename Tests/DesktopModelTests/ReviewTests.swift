import ClipLibrary
import ClipReview
import DesktopModel
import Diagnostics
import Files
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// The way of a person through the clips.
@Suite struct ReviewTrailTests {
    /// The clips 1, 2, 3 and so on, with rising scores.
    private func trail(_ count: Int64) -> ReviewTrail {
        ReviewTrail((1...count).map { .init(clip: $0, score: Double($0) / 100) })
    }

    /// Gives verdicts on so many clips, and returns the clips in the order in which they come.
    private func judge(_ count: Int, _ trail: inout ReviewTrail) -> [Int64] {
        (0..<count).compactMap { _ in
            guard let stop = trail.next(isWaiting: true) else { return nil }
            trail.go(to: stop.clip)
            trail.judge(stop.clip)
            return stop.clip
        }
    }

    @Test func theWorstComeFirstAndEachClipOnce() {
        var trail = trail(12)
        #expect(trail.current == nil)
        #expect(judge(3, &trail) == [1, 2, 3])
        let rest = judge(20, &trail)
        #expect(rest.count == 9)
        #expect(Set(rest) == Set(4...12))
        #expect(trail.waiting.isEmpty)
        #expect(trail.next(isWaiting: true) == nil)
    }

    @Test func everyFourthIsDrawnAtRandom() {
        var trail = trail(100)
        var draws: [ClipVerdict.Draw] = []
        for _ in 0..<8 {
            guard let stop = trail.next(isWaiting: true) else { break }
            draws.append(stop.draw)
            trail.go(to: stop.clip)
            trail.judge(stop.clip)
        }
        #expect(draws == [.worst, .worst, .worst, .random, .worst, .worst, .worst, .random])
    }

    @Test func askingForTheNextChangesNothing() {
        var trail = trail(9)
        let next = trail.next(isWaiting: true)
        for _ in 0..<5 { #expect(trail.next(isWaiting: true) == next) }
        #expect(trail.current == nil)
        #expect(trail.waiting.count == 9)
    }

    @Test func whatIsPassedOverComesAgain() {
        var trail = trail(3)
        trail.go(to: trail.next(isWaiting: false)?.clip ?? 0)
        trail.go(to: trail.next(isWaiting: false)?.clip ?? 0)
        #expect(trail.current?.clip == 2)
        #expect(trail.previous?.clip == 1)
        #expect(trail.next(isWaiting: true)?.clip == 3)
        #expect(trail.previous?.clip == 1)
        trail.judge(2)
        #expect(judge(5, &trail) == [3, 1])
        #expect(trail.waiting.isEmpty)
    }

    @Test func theOnlyClipThatIsLeftIsNotItsOwnNext() {
        var trail = trail(1)
        trail.go(to: trail.next(isWaiting: false)?.clip ?? 0)
        #expect(trail.current?.clip == 1)
        #expect(trail.next(isWaiting: false) == nil)
        #expect(trail.next(isWaiting: true) == nil)
    }

    @Test func aVerdictIsTakenBack() {
        var trail = trail(3)
        #expect(judge(2, &trail) == [1, 2])
        trail.takeBack(1, .worst)
        #expect(trail.current?.clip == 1)
        #expect(trail.waiting == [1, 3])
        trail.judge(1)
        // 2 has its verdict: it does not come again.
        #expect(trail.next(isWaiting: true)?.clip == 3)
        #expect(trail.next(isWaiting: false)?.clip == 2)
    }

    @Test func whatOthersHaveJudgedIsDropped() {
        var trail = trail(3)
        #expect(judge(1, &trail) == [1])
        #expect(trail.next(isWaiting: true)?.clip == 2)
        trail.remove(2)
        #expect(judge(5, &trail) == [3])
    }

    @Test func newMasksAreAskedAboutAnew() {
        var trail = trail(2)
        #expect(judge(2, &trail) == [1, 2])
        trail.update([.init(clip: 1, score: 0.5), .init(clip: 7, score: 0.1)])
        #expect(trail.waiting == [1, 7])
        #expect(Set(judge(5, &trail)) == [1, 7])
    }
}

/// What is computed for the page.
@Suite struct ReviewFigureTests {
    @Test func theWorstFrameIsTheFirstOfTheLowest() {
        #expect(FrameScores([0.5, nil, 0.2, 0.2, 0.9]).worst == 2)
        #expect(FrameScores([nil, nil]).worst == 0)
        #expect(FrameScores([]).worst == 0)
    }

    @Test func aNarrowStripShowsTheLowestOfEachPart() {
        let scores = FrameScores([0.9, 0.1, 0.8, nil, nil, nil, 0.7, 0.6])
        #expect(scores.lowest(of: 4) == [0.1, 0.8, nil, 0.6])
        #expect(scores.lowest(of: 1) == [0.1])
        #expect(FrameScores([]).lowest(of: 3) == [nil, nil, nil])
        #expect(FrameScores([0.4]).lowest(of: 2) == [0.4, 0.4])
    }

    @Test func theTimeLeftComesFromTheMedian() {
        var pace = ReviewPace()
        for seconds in [2.0, 600] { pace.note(seconds) }
        #expect(pace.time(for: 10) == nil)
        pace.note(4)
        #expect(pace.time(for: 10) == 40)
        pace.note(3)
        #expect(pace.time(for: 10) == 35)
    }
}

/// A review without a window, on real clips.
@MainActor
@Suite struct ReviewModelTests {
    let stage: AppStage
    private var app: AppModel { stage.app }
    private var review: ReviewModel { stage.app.review }

    init() throws { stage = try AppStage() }

    /// Runs `8cut` with the app's home folder.
    private func run8cut(_ arguments: String...) async throws {
        let result = try await Program.run8cut(
            arguments,
            environment: ["EIGHTCUT_HOME": stage.folder["home"].string]
        )
        #expect(result.status == 0, "\(arguments): \(result.errors)")
    }

    private func masks(of clip: Int) -> FilePath {
        stage.folder["clips"].appending("clip_00\(clip)_masks")
    }

    /// Cuts clips and makes masks with these scores.
    private func makeClips(_ scores: [Double]) async throws {
        let video = try await stage.video()
        for (place, score) in scores.enumerated() {
            try await run8cut(
                "export",
                "--input",
                video.string,
                "--start",
                "\(place)",
                "--duration",
                "1",
                "--to",
                stage.folder["clips"].string,
                "--name",
                "clip",
                "--label",
                "beep"
            )
            let clip = stage.folder["clips"].appending("clip_00\(place + 1).mp4")
            try await run8cut(
                "masks",
                "saliency",
                "--input",
                clip.string,
                "--output",
                masks(of: place + 1).string
            )
            try setScore(score, of: place + 1)
        }
    }

    /// Changes the masks of a clip, as a new run would.
    private func setScore(_ score: Double, of clip: Int) throws {
        let path = masks(of: clip).appending(MaskManifest.fileName)
        let text = String(decoding: try SmallFile.read(path, limit: 1 << 20), as: UTF8.self)
        // In the document itself, not in a frame of it.
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("  \"score\"") }
        let changed = lines.map { line in
            line.hasPrefix("  \"complete\"") ? "\(line)\n  \"score\" : \(score)," : "\(line)"
        }
        try AtomicFile.write(changed.joined(separator: "\n") + "\n", to: path)
        #expect(try MaskManifest(readingFrom: path).score == score)
    }

    /// Starts the app with the review, and waits for its first clip.
    private func start(_ words: [String] = []) async throws {
        await app.start()
        app.startReview(words)
        try await stage.eventually("the first clip") {
            [.showing, .finished].contains(review.state)
        }
    }

    /// Waits until a clip is shown.
    private func shows(_ clip: Int64) async throws {
        try await stage.eventually("clip \(clip)") { review.shown?.id == clip }
        try await stage.eventually("rest") { !review.isBusy }
    }

    private func verdicts(_ id: Int64) async throws -> [Verdict] {
        let library = try #require(
            try await Library.openForReading(EightCutHome(stage.folder["home"]))
        )
        return try await library.verdicts(of: id).map(\.verdict)
    }

    @Test func verdictsAreRecordedAndTakenBack() async throws {
        try await makeClips([0.9, 0.2, 0.6])
        try await start()
        try await shows(2)
        #expect(review.left == 3)
        #expect(review.shown?.score == 0.2)
        #expect(review.shown?.draw == .worst)
        review.judge(.reject)
        try await shows(3)
        #expect(try await verdicts(2) == [.reject])
        #expect(review.message == "Rejected, 2 left")
        review.judge(.keep)
        try await shows(1)
        review.takeBack()
        try await shows(3)
        #expect(try await verdicts(3) == [])
        #expect(review.left == 2)
        review.judge(.undecided)
        try await shows(1)
        review.judge(.keep)
        try await stage.eventually("the end") { review.state == .finished }
        #expect(review.left == 0)
        review.takeBack()
        try await shows(1)
        review.judge(.reject)
        try await stage.eventually("the end") { review.state == .finished }
        #expect(try await verdicts(1) == [.reject])
        #expect(try await verdicts(3) == [.undecided])
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func arrowsPassClipsOver() async throws {
        try await makeClips([0.3, 0.5])
        try await start()
        try await shows(1)
        review.move(forward: false)
        try await stage.eventually("the answer") { review.message == "This is the first clip." }
        try await stage.eventually("rest") { !review.isBusy }
        review.move(forward: true)
        try await shows(2)
        #expect(review.left == 2)
        review.judge(.keep)
        // What was passed over.
        try await shows(1)
        review.move(forward: true)
        try await shows(2)
        #expect(review.shown?.own?.verdict == .keep)
        #expect(try await verdicts(1) == [])
        #expect(await stage.close())
    }

    @Test func whatIsJudgedElsewhereMeanwhileIsNotAskedAgain() async throws {
        try await makeClips([0.3, 0.5, 0.7])
        try await start()
        try await shows(1)
        let library = try await Library.open(EightCutHome(stage.folder["home"]))
        let digest = try #require(try await library.reviews(of: [2])[2]?.masks?.digest)
        // Another window of the same person.
        try await library.record([
            ClipVerdict(
                clip: 2,
                .reject,
                by: Reviewer.current.name,
                at: ClipVerdict.now,
                masksDigest: digest
            )
        ])
        review.judge(.keep)
        try await shows(3)
        review.judge(.keep)
        try await stage.eventually("the end") { review.state == .finished }
        #expect(try await verdicts(2) == [.reject])
        #expect(await stage.close())
    }

    @Test func otherMasksAreAskedAboutAnew() async throws {
        try await makeClips([0.3])
        try await start()
        try await shows(1)
        review.judge(.keep)
        try await stage.eventually("the end") { review.state == .finished }
        try setScore(0.4, of: 1)
        try await run8cut("library", "relabel", "--label", "bell", "1")
        app.leaveReview()
        app.startReview(["bell"])
        try await shows(1)
        #expect(review.shown?.score == 0.4)
        #expect(review.shown?.own == nil)
        review.judge(.reject)
        try await stage.eventually("the end") { review.state == .finished }
        #expect(try await verdicts(1) == [.keep, .reject])
        #expect(await stage.close())
    }

    @Test func aSecondPersonJudgesTheSameMasks() async throws {
        try await makeClips([0.3, 0.5])
        try await start()
        try await shows(1)
        for clip in [1, 2] as [Int64] {
            try await shows(clip)
            review.judge(clip == 1 ? .reject : .keep)
        }
        try await stage.eventually("the end") { review.state == .finished }
        #expect(throws: EightCutError.self) { try review.setReviewer("  ") }
        try review.setReviewer("anna")
        try await shows(1)
        #expect(review.left == 2)
        // What the first has said is not told before.
        #expect(!review.scoreText.contains(Reviewer.current.name))
        review.judge(.reject)
        try await shows(2)
        #expect(review.message == "Rejected, 1 left · \(Reviewer.current.name): Reject")
        review.judge(.keep)
        try await stage.eventually("the end") { review.state == .finished }
        let both = "You and \(Reviewer.current.name) agree on 2 of 2 clips · kappa 1.00"
        try await stage.eventually("the agreement") { review.agreementText == both }
        #expect(await stage.close())
    }

    @Test func digitsGiveLabels() async throws {
        try await makeClips([0.3, 0.5])
        try await run8cut("library", "relabel", "--label", "a bell", "2")
        try await start()
        try await shows(1)
        #expect(review.labels.choices.map(\.name) == ["a bell", "beep"])
        review.label(1)
        try await stage.eventually("the label") { review.shown?.clip.label == "a bell" }
        #expect(review.shown?.id == 1)
        review.label(7)
        #expect(review.labels.choices.map(\.name) == ["a bell", "beep"])
        // The clip is shown with its label before that can be taken back.
        try await stage.eventually("the message") { review.message.contains("a bell") }
        await app.undo.undo()
        try await stage.eventually("the old label") { review.shown?.clip.label == "beep" }
        #expect(await stage.close())
    }

    @Test func theReviewGoesOnAfterAFix() async throws {
        try await makeClips([0.3, 0.5])
        try await start()
        try await shows(1)
        app.fixMasks()
        #expect(app.page == .work)
        #expect(app.masks.target?.id == 1)
        #expect(app.masks.form.method == .sam)
        #expect(app.preview.clip?.id == 1)
        app.masks.form.method = .saliency
        app.generateMasks()
        try await stage.eventually("the question") { !app.notices.questions.isEmpty }
        app.notices.takeQuestions().first?.answer(with: true)
        try await stage.eventually("the review") { app.page == .review }
        try await shows(1)
        #expect(review.fixed == nil)
        #expect(review.shown?.draw == .named)
        review.judge(.keep)
        try await shows(2)
        #expect(try await verdicts(1) == [.keep])
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func nothingToReview() async throws {
        try await start(["no such clip"])
        #expect(review.state == .finished)
        #expect(review.maskedCount == 0)
        review.judge(.keep)
        review.takeBack()
        review.move(forward: true)
        review.showWorst()
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }
}
