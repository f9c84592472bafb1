import ClipFinding
import DesktopModel
import ShotDetection
import Testing

/// The order in which clips come before a person.
@Suite struct FindQueueTests {
    /// A candidate that begins with a frame of a video at 10 frames a second, in a shot of 20 s.
    private func candidate(_ frame: Int) -> Candidate {
        let start = frame / 200 * 200
        return Candidate(
            startFrame: frame,
            start: Double(frame) / 10,
            duration: 8,
            shotIndex: frame / 200,
            shot: Shot(
                start: start,
                end: start + 200,
                kind: .cut,
                score: 1,
                transition: start..<start
            ),
            score: 0.5,
            reasons: [],
            flags: []
        )
    }

    private func queue(_ frames: [Int], kept: [Int] = []) -> FindQueue {
        var queue = FindQueue()
        queue.show(frames.map(candidate), kept: kept.map(candidate))
        return queue
    }

    private func frames(_ queue: FindQueue) -> [Int] { queue.rows.map(\.candidate.startFrame) }

    @Test func verdictsLeadToTheNextThatHasNone() {
        var queue = queue([50, 400, 100], kept: [600])
        #expect(queue.current?.startFrame == 50)
        #expect(queue.waiting == 3)
        queue.judge(.keep)
        #expect(queue.current?.startFrame == 400)
        queue.go(to: 2)
        queue.judge(.reject)
        // After the last one the first, and not what was kept before.
        #expect(queue.current?.startFrame == 400)
        queue.judge(.reject)
        #expect(queue.waiting == 0)
        #expect(queue.current?.startFrame == 400)
        #expect(queue.rows.map(\.verdict) == [.keep, .reject, .reject, .keep])
    }

    @Test func theClipThatIsShownStaysWhenLimitsChange() {
        var queue = queue([50, 400, 100])
        queue.go(to: 1)
        queue.show([100, 50, 400].map(candidate), kept: [])
        #expect(queue.current?.startFrame == 400)
        // One of the same place, a little later.
        queue.show([100, 50, 430].map(candidate), kept: [])
        #expect(queue.current?.startFrame == 430)
        // What is far away is not what was looked at.
        queue.show([100, 50].map(candidate), kept: [])
        #expect(queue.current?.startFrame == 100)
        queue.show([], kept: [])
        #expect(queue.current == nil && queue.place == nil)
        queue.show([50].map(candidate), kept: [])
        #expect(queue.current?.startFrame == 50)
    }

    @Test func aMovedStartStays() {
        var queue = queue([50, 400])
        queue.move(to: 53, 5.3)
        #expect(queue.current?.isMoved == true)
        queue.show([400, 50].map(candidate), kept: [])
        #expect(queue.current?.candidate.startFrame == 50)
        #expect(queue.current?.startFrame == 53)
        #expect(queue.current?.start == 5.3)
        #expect(queue.rows[0].isMoved == false)
    }

    @Test func theNextShotIsTheNextInTime() {
        var queue = queue([50, 900, 120, 450], kept: [210])
        #expect(queue.nextShot == 3)
        queue.go(to: 3)
        #expect(queue.nextShot == 1)
        queue.go(to: 1)
        #expect(queue.nextShot == nil)
        #expect(FindQueue().nextShot == nil)
    }

    @Test func aVerdictIsTakenBack() throws {
        var queue = queue([50, 400])
        let first = try #require(queue.current)
        queue.judge(.reject)
        queue.takeBack(first, for: nil)
        #expect(queue.current == first)
        #expect(queue.waiting == 2)
        // Also one that a later search did not offer.
        queue.show([400].map(candidate), kept: [])
        queue.takeBack(first, for: nil)
        #expect(queue.current == first)
        #expect(Set(frames(queue)) == [50, 400])
    }

    @Test func whatIsExportedGoes() {
        var queue = queue([50, 400], kept: [600, 700])
        queue.go(to: 2)
        // A clip without a verdict stays, whatever the library has.
        queue.remove(frames: [600, 50])
        #expect(frames(queue) == [50, 400, 700])
        #expect(queue.current?.startFrame == 50)
    }
}

/// Limits that a person moves, and what is drawn.
@Suite struct FindSignalTests {
    @Test(arguments: FindSignal.allCases)
    func everyLimitCanBeSetAndRead(signal: FindSignal) {
        var settings = FindSettings()
        let range = signal.range
        for part in [0.0, 0.25, 0.5, 0.8, 1] {
            let wanted = range.lowerBound + part * (range.upperBound - range.lowerBound)
            signal.set(wanted, in: &settings)
            #expect(abs(signal.limit(in: settings) - wanted) <= signal.step / 2 + 1e-9)
        }
        signal.set(1e12, in: &settings)
        #expect(signal.limit(in: settings) == range.upperBound)
        signal.set(-1e12, in: &settings)
        #expect(signal.limit(in: settings) == range.lowerBound)
        // Only its own limit has changed.
        for other in FindSignal.allCases where other != signal {
            #expect(other.limit(in: settings) == other.limit(in: FindSettings()))
        }
    }

    @Test func limitsAreWholeSteps() {
        var settings = FindSettings()
        FindSignal.silence.set(0.1499, in: &settings)
        #expect(settings.silence.share == 0.15)
        FindSignal.level.set(-42.4, in: &settings)
        #expect(settings.silence.level == -42)
        FindSignal.bandwidth.set(14_390, in: &settings)
        #expect(settings.bandwidth == 14_400)
    }

    @Test func bandsAreTheRowsWithEnough() {
        let shares: [Float] = [0, 0.5, 1, 0.2, 0.6, 0.6, 0]
        #expect(SoundBands.parts(of: shares, in: 0..<7) == [1..<3, 4..<6])
        #expect(SoundBands.parts(of: shares, in: 2..<5) == [2..<3, 4..<5])
        #expect(SoundBands.parts(of: shares, in: 5..<90) == [5..<6])
        #expect(SoundBands.parts(of: [], in: 0..<3).isEmpty)
    }
}
