/// How many things one text may mean.
package enum ThingCount: Sendable, Equatable {
    /// The best, so many at most.
    case best(Int)
    /// All that are seen about as clearly as the best, ten at most.
    case all

    /// More are not kept where all are asked for.
    package static let most = 10
    /// Where all are asked for, those below this part of the best score are left out.
    private static let leastPart: Float = 0.5

    /// How many candidates of a frame have to be kept.
    package var limit: Int {
        switch self {
        case .best(let count): count
        case .all: Self.most
        }
    }

    /// The setting as a manifest has it.
    package var described: String {
        switch self {
        case .best(let count): "\(count)"
        case .all: "all"
        }
    }

    /// Chooses candidates.
    ///
    /// - Parameters:
    ///   - candidates: of a frame, in the order in which they are preferred.
    ///   - threshold: the least score.
    /// - Returns: those that are meant.
    func chosen(_ candidates: [Candidate], threshold: Double) -> [Candidate] {
        guard let best = candidates.map(\.score).max() else { return [] }
        let threshold = Float(threshold)
        let least = self == .all ? max(threshold, best * Self.leastPart) : threshold
        return Array(candidates.filter { $0.score >= least }.prefix(limit))
    }
}

/// A thing that was found by a text.
package struct FoundThing: Sendable, Equatable, Codable {
    /// The number of the object that it becomes, from 1.
    package let object: Int
    /// The text, as it was typed.
    package let text: String
    /// The query that fits best.
    package let query: String
    /// The frame, from 0.
    package let frame: Int
    /// Left, top, right and bottom in pixels of the upright frame, to a thousandth.
    package let box: [Double]
    /// The fit to the query, 0…1, times the query's weight.
    package let score: Double
    /// The fit before the sigmoid function.
    package let logit: Double
    /// How much it looks like any thing at all, before the sigmoid function.
    package let objectness: Double

    fileprivate init(_ candidate: Candidate, of text: SearchedText, _ object: Int, frame: Int) {
        let rounded = { (value: Float, steps: Double) in
            (Double(value) * steps).rounded() / steps
        }
        self.object = object
        self.text = text.words
        query = text.queries[candidate.query].text
        self.frame = frame
        let box = candidate.box
        self.box = [box.x0, box.y0, box.x1, box.y1].map { rounded($0, 1000) }
        score = rounded(candidate.score, 1e6)
        logit = rounded(candidate.logit, 1e6)
        objectness = rounded(candidate.objectness, 1e6)
    }

    private init(_ other: FoundThing, _ object: Int) {
        self.object = object
        (text, query, frame) = (other.text, other.query, other.frame)
        (box, score) = (other.box, other.score)
        (logit, objectness) = (other.logit, other.objectness)
    }

    /// The same thing as another object.
    package func renumbered(_ object: Int) -> FoundThing { FoundThing(self, object) }

    /// Whether it can be what was found in such a video.
    package func isSound(width: Int, height: Int) -> Bool {
        (1...255).contains(object) && frame >= 0 && box.count == 4
            && 0 <= box[0] && box[0] < box[2] && box[2] <= Double(width)
            && 0 <= box[1] && box[1] < box[3] && box[3] <= Double(height)
    }
}

/// What was found by texts in a clip, and what of it is meant.
package struct TextFindings: Sendable, Equatable {
    /// The threshold unless another is given: a guess, until somebody has measured it on labelled
    /// frames.
    package static let usualThreshold = 0.2

    package let texts: [SearchedText]
    /// In the order in which they were looked at.
    package let frames: [FrameFindings]
    /// The least score, 0…1.
    package let threshold: Double
    package let count: ThingCount
    /// What was decided by the audio, by text; none for texts whose things were not compared.
    package let decisions: [String: AudioDecision]
    /// Numbers that other prompts have given to objects.
    private let taken: Set<Int>

    /// Whether one of several things of a text moves with the audio.
    package enum AudioDecision: String, Sendable, Codable {
        /// The one that comes first does.
        case first
        case unsure
    }

    package init(
        _ texts: [SearchedText],
        _ frames: [FrameFindings],
        threshold: Double,
        count: ThingCount,
        decisions: [String: AudioDecision] = [:],
        taken: Set<Int> = []
    ) {
        self.decisions = decisions
        self.texts = texts
        self.frames = frames
        self.threshold = threshold
        self.count = count
        self.taken = taken
    }

    /// The objects that start on the frame on which their text fits best: numbered, those of a text
    /// best first. A text of which nothing reaches the threshold has none.
    package var objects: [FoundThing] {
        numbered(texts.indices.map { text in bestFrame(of: text).map { [$0] } ?? [] }, count)
    }

    /// What is found on every frame that was looked at, best first.
    package var all: [FoundThing] {
        numbered(texts.indices.map { _ in frames }, count).sorted { $0.score > $1.score }
    }

    /// Lists what was found on the best frames, also where less is meant.
    ///
    /// - Parameter least: so many for each text, if there are as many.
    /// - Returns: the things, best first.
    package func listed(atLeast least: Int) -> [FoundThing] {
        let more = count == .all ? count : .best(max(least, count.limit))
        return numbered(texts.indices.map { text in bestFrame(of: text).map { [$0] } ?? [] }, more)
            .sorted { $0.score > $1.score }
    }

    /// The best candidate of a text, whatever its score; nil where the detector proposed none.
    package func best(of text: Int) -> FoundThing? {
        guard let findings = bestFrame(of: text),
            let best = findings.candidates[text].max(by: { $0.score < $1.score })
        else { return nil }
        return FoundThing(best, of: texts[text], texts[text].object, frame: findings.frame)
    }

    private func bestFrame(of text: Int) -> FrameFindings? {
        let score = { (findings: FrameFindings) in
            findings.candidates[text].map(\.score).max() ?? -1
        }
        return frames.max { score($0) < score($1) }
    }

    /// The same, but of the candidates of a thing's text on its frame the thing is the first, whatever
    /// its score: something else than the detector knows that it is the one that is meant.
    ///
    /// - Parameter thing: one of `objects` or `listed`.
    /// - Returns: what was found, in the other order.
    package func preferring(_ thing: FoundThing) -> TextFindings {
        let frames = frames.map { findings in
            guard findings.frame == thing.frame else { return findings }
            let candidates = zip(texts, findings.candidates).map { text, candidates in
                let index = candidates.firstIndex {
                    FoundThing($0, of: text, thing.object, frame: thing.frame) == thing
                }
                guard let index else { return candidates }
                var candidates = candidates
                candidates.insert(candidates.remove(at: index), at: 0)
                return candidates
            }
            return FrameFindings(frame: findings.frame, candidates: candidates)
        }
        return decided(.first, of: thing.text, frames)
    }

    /// The same, but it is unsure which of a text's things moves with the audio.
    ///
    /// - Parameter text: as it was typed.
    /// - Returns: what was found, with that noted.
    package func unsure(of text: String) -> TextFindings { decided(.unsure, of: text, frames) }

    private func decided(
        _ decision: AudioDecision,
        of text: String,
        _ frames: [FrameFindings]
    ) -> TextFindings {
        TextFindings(
            texts,
            frames,
            threshold: threshold,
            count: count,
            decisions: decisions.merging([text: decision]) { $1 },
            taken: taken
        )
    }

    /// Whether an object moves with the audio.
    ///
    /// - Parameter object: one of `objects`.
    /// - Returns: "yes", "no" or "unsure", as `8cut detect --sound` words it; nil where its text has a
    ///   single thing, or nothing was compared.
    package func sounds(_ object: FoundThing) -> String? {
        decisions[object.text].map { decision in
            switch decision {
            case .unsure: "unsure"
            case .first:
                texts.contains { $0.words == object.text && $0.object == object.object }
                    ? "yes" : "no"
            }
        }
    }

    /// Gives numbers to what is meant. The best of a text on a frame is the text's object; the others
    /// get the lowest numbers that are free.
    private func numbered(_ frames: [[FrameFindings]], _ count: ThingCount) -> [FoundThing] {
        var used = taken.union(texts.map(\.object))
        var things: [FoundThing] = []
        for (index, text) in texts.enumerated() {
            var numbers = [text.object]
            for findings in frames[index] {
                let chosen = count.chosen(findings.candidates[index], threshold: threshold)
                for (rank, candidate) in chosen.enumerated() {
                    if rank == numbers.count {
                        guard let free = (1...255).first(where: { !used.contains($0) }) else {
                            break
                        }
                        used.insert(free)
                        numbers.append(free)
                    }
                    let thing = FoundThing(
                        candidate,
                        of: text,
                        numbers[rank],
                        frame: findings.frame
                    )
                    if thing.box[0] < thing.box[2], thing.box[1] < thing.box[3] {
                        things.append(thing)
                    }
                }
            }
        }
        return things
    }
}
