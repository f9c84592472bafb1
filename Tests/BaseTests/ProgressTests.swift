import Diagnostics
import Progress
import Testing

@Suite struct ProgressTests {
    private static let events: [ProgressEvent] = [
        .started(.init(job: "masks saliency", input: "/a \"b\"\n.mp4", output: "/masks")),
        .progress(
            .init(done: 3, total: 10, totalIsEstimate: true, rate: 4.5, secondsLeft: 1.25)
        ),
        .progress(.init(done: 3, total: nil, totalIsEstimate: true)),
        .work(.init(done: 0, total: 10, totalIsEstimate: true, worked: 2.25, secondsLeft: 1)),
        .output(.init(line: "Collecting \"numpy\" \u{1b}[1m\u{e4}")),
        .artifact(.init(kind: "masks", path: "/masks")),
        .warning(.init(code: "emptyMasks", message: "1 of 10 masks show no object.")),
        .finished(.init(frames: 10, seconds: 2.5, exitStatus: 3, summary: "10 masks")),
        .failed(
            EightCutError(.toolMissing, "cannot", on: "/x", because: "why", remedy: "do this")
        ),
    ]

    @Test(arguments: events) func anEventCrossesThePipe(event: ProgressEvent) throws {
        let line = try event.jsonLine()
        #expect(!line.contains("\n"))
        #expect(line.contains("\"v\":1"))
        #expect(try ProgressEvent(jsonLine: line) == event)
    }

    @Test func anotherVersionIsRefused() throws {
        let line = try Self.events[5].jsonLine()
        #expect(throws: (any Error).self) {
            try ProgressEvent(jsonLine: line.replacing("\"v\":1", with: "\"v\":2"))
        }
    }

    @Test(arguments: [20, 40, 80, 200]) func theBarFitsTheTerminal(columns: Int) {
        let line = ProgressBar.line(
            title: "masks saliency",
            progress: .init(
                done: 123,
                total: 240,
                totalIsEstimate: true,
                rate: 98.7,
                secondsLeft: 1.2
            ),
            columns: columns
        )
        #expect(line.count < columns)
        if columns >= 80 {
            #expect(line.contains("123/~240"))
            #expect(line.contains("99 fps"))
            #expect(line.contains("0:02 left"))
            #expect(line.contains("█") && line.contains("░"))
        }
    }

    @Test func clipsAreShownByTheMinute() {
        let progress = ProgressEvent.Progress(
            unit: "clip",
            done: 3,
            total: 60,
            totalIsEstimate: false,
            rate: 0.2,
            secondsLeft: 285
        )
        #expect(ProgressBar.counts(progress) == "3/60  12 clips/min  4:45 left")
    }

    @Test func bytesAreShownInMegabytes() {
        let progress = ProgressEvent.Progress(
            unit: "byte",
            done: 45_260_000,
            total: 1_340_000_000,
            totalIsEstimate: false,
            rate: 5_100_000.4,
            secondsLeft: 253.9
        )
        #expect(ProgressBar.counts(progress) == "45.2 MB/1.34 GB  5.1 MB/s  4:14 left")
        let line = ProgressBar.line(title: "models download", progress: progress, columns: 80)
        #expect(line.contains("░") && line.count < 80)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_999, "999 kB"), (99_999_999, "99.9 MB"),
        (1_000_000_000, "1.00 GB"), (1_099_999_999, "1.09 GB"),
    ])
    func sizesAreReadable(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test func durationsAreReadable() {
        #expect(ProgressBar.duration(0) == "0:00")
        #expect(ProgressBar.duration(59.2) == "1:00")
        #expect(ProgressBar.duration(3671) == "1:01:11")
        #expect(ProgressBar.duration(.infinity) == "?")
    }

    @Test func theMeterCountsOnlyWhatItSawDone() throws {
        let meter = ProgressMeter(doneAtStart: 100)
        let progress = meter.progress(done: 100, total: 90, totalIsEstimate: true)
        #expect(progress.rate == nil && progress.secondsLeft == nil)
        #expect(progress.total == 100, "the total is never less than what is done")
    }

    @Test func workIsMoreThanWhatIsDone() throws {
        let meter = ProgressMeter(workedAtStart: 3)
        let progress = meter.progress(done: 10, total: 20, totalIsEstimate: false, worked: 8)
        #expect(progress.done == 10 && progress.worked == 8 && progress.part == 0.4)
        let rate = try #require(progress.rate)
        let left = try #require(progress.secondsLeft)
        #expect(rate > 0 && abs(left - 12 / rate) <= 0.01 + 12 / rate * 0.01)
        let bar = ProgressBar.line(title: "masks", progress: progress, columns: 200)
        #expect(bar.count(where: { $0 == "█" }) == 16 && bar.contains("10/20"))
    }
}
