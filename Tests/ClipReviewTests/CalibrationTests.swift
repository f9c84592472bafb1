import ClipLibrary
import ClipReview
import TestSupport
import Testing

/// What scores are worth.
@Suite struct CalibrationTests {
    private func verdict(
        _ clip: Int,
        _ score: Double,
        keeps: Bool,
        _ draw: ClipVerdict.Draw
    ) -> ClipVerdict {
        ClipVerdict(
            clip: Int64(clip),
            keeps ? .keep : .reject,
            by: "anna",
            at: 1,
            masksDigest: "m",
            draw: draw,
            score: score
        )
    }

    @Test func neighboursThatFallArePooled() {
        let steps = Calibration.isotonic([
            (0.1, 0, 1), (0.2, 1, 1), (0.3, 0, 1), (0.4, 0, 2), (0.5, 1, 1),
        ])
        #expect(steps.map(\.score) == [0.1, 0.2, 0.5])
        #expect(zip(steps.map(\.keep), [0, 0.25, 1]).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    @Test func equalScoresAreOneStep() {
        let steps = Calibration.isotonic([(0.3, 1, 1), (0.3, 0, 3)])
        #expect(steps == [.init(score: 0.3, keep: 0.25)])
    }

    /// Figures of scipy.stats.beta.ppf.
    @Test(
        arguments: [
            (0.5, 15.5, 0.025, 3.2194e-5), (0.5, 15.5, 0.975, 0.151817),
            (3.5, 12.5, 0.5, 0.206847), (20, 30, 0.975, 0.537615),
        ]
    )
    func quantilesAreThoseOfTheBetaDistribution(
        a: Double,
        b: Double,
        part: Double,
        value: Double
    ) {
        let found = BetaDistribution(a, b).quantile(part)
        #expect(abs(found - value) < 1e-4 * value, "\(found)")
    }

    @Test func tooFewVerdictsSayNothing() {
        let worst = (0..<60).map { verdict($0, 0.2, keeps: false, .worst) }
        #expect(Calibration(worst, unjudged: [0.5]) == nil)
        #expect(Calibration.shortage(worst) == (60, 0))
        let random = (60..<75).map { verdict($0, 0.8, keeps: true, .random) }
        #expect(Calibration(Array(worst.prefix(34)) + random, unjudged: [0.5]) == nil)
        #expect(Calibration(Array(worst.prefix(35)) + random, unjudged: [0.5]) != nil)
    }

    /// A queue shows the worst first. Counted alike, its verdicts would say that hardly any clip is
    /// good.
    @Test func verdictsCountForAsManyClipsAsTheyStandFor() throws {
        let worst = (0..<100).map { verdict($0, 0.5, keeps: false, .worst) }
        let random = (100..<120).map { verdict($0, 0.5, keeps: $0 >= 102, .random) }
        let calibration = try #require(
            Calibration(worst + random, unjudged: Array(repeating: 0.5, count: 1980))
        )
        // Of 2,000 clips beside the worst, 18 of 20 examples are good.
        #expect(abs(calibration.keep(0.5) - 0.9 * 2000 / 2100) < 1e-6)
    }

    /// Masks whose true worth is known, reviewed as the app does: the interval has the true number of
    /// bad clips in about 95 of 100 reviews.
    @Test func theRangeHasTheTrueNumberOfBadClips() throws {
        var random = RandomSource(seed: 3)
        var hits = 0
        for _ in 0..<100 {
            let clips = (0..<1000).map { number -> (item: ReviewQueue.Item, isGood: Bool) in
                let score = Double.random(in: 0...1, using: &random)
                let isGood = Double.random(in: 0...1, using: &random) < score
                return (.init(clip: Int64(number), score: score), isGood)
            }
            var queue = ReviewQueue(clips.map(\.item), random: random)
            _ = random.next()
            let verdicts = (0..<200).compactMap { _ -> ClipVerdict? in
                guard let turn = queue.next(), let score = turn.item.score else { return nil }
                let place = Int(turn.item.clip)
                return verdict(place, score, keeps: clips[place].isGood, turn.draw)
            }
            let judged = Set(verdicts.map { Int($0.clip) })
            let rest = clips.indices.filter { !judged.contains($0) }
            let calibration = try #require(
                Calibration(verdicts, unjudged: rest.compactMap { clips[$0].item.score })
            )
            let threshold = 0.6
            let bad = rest.count { (clips[$0].item.score ?? 0) >= threshold && !clips[$0].isGood }
            let outlook = calibration.outlook(from: threshold)
            if outlook.range.contains(Double(bad)) { hits += 1 }
            #expect(outlook.range.contains(outlook.bad))
        }
        #expect(hits >= 88, "\(hits)")
    }
}
