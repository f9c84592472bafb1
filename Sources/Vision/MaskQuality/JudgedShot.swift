import OpticalFlow
import Saliency

/// The frames of a shot, and what they say about one another's masks.
struct JudgedShot: Sendable {
    private let model: QualityModel
    private var frames: [Frame] = []
    /// The motion from the last frame to the next one.
    private var forward: FlowField?

    /// What is kept of a frame: 100 kB.
    private struct Frame: Sendable {
        let index: Int
        /// Whether another shot begins with it: not the first one.
        let beginsShot: Bool
        let mask: JudgedMask?
        /// Whether the method holds that the object is in the frame; nil where it does not say.
        let isPresent: Bool?
        let bins: [UInt16]
        let isAround: [Bool]
        /// What the frame says by itself, and `carried` as far as neighbours have come.
        var parts: [QualityPart: Double]

        /// The mask, unless it is empty or full: then there is nothing to compare.
        var object: JudgedMask? { mask?.extent == .some ? mask : nil }
    }

    init(_ model: QualityModel) {
        self.model = model
    }

    /// How many frames there are.
    var count: Int { frames.count }

    /// Takes the next frame of the shot.
    mutating func append(_ frame: JudgedFrame, _ given: GivenMask, _ motion: JudgedMotion) {
        let needed = model.parts
        var parts: [QualityPart: Double] = [:]
        var isAround: [Bool] = []
        var bins: [UInt16] = []
        if let mask = given.mask, mask.extent == .some {
            let lengths = motion.lengths
            parts = EdgeProfile(mask).parts(
                frame.colours,
                lengths == nil ? nil : motion.residual
            )
            if !needed.isDisjoint(with: [.motion, .colours]) {
                let distances = mask.distances()
                isAround = ColourModel.isAround(distances)
                bins = ColourModel.bins(frame.colours.lab)
                if needed.contains(.motion), let lengths {
                    parts[.motion] = JudgedMotion.agreement(of: mask, distances, lengths)
                }
            }
            parts[.agreement] = given.builtIn.map { mask.iou($0.isInside) }
            parts[.predictedIoU] = given.own.predictedIoU
            parts[.visibility] = given.own.isPresent.map { $0 ? 1 : 0 }
            parts[.clarity] = given.own.clarity
            parts[.label] = given.own.label
        }
        frames.append(
            Frame(
                index: given.frame,
                beginsShot: given.beginsShot,
                mask: given.mask,
                isPresent: given.own.isPresent,
                bins: bins,
                isAround: isAround,
                parts: parts
            )
        )
        if needed.contains(.carried), let place = frames.indices.last, place > 0 {
            compare(place, with: place - 1, along: motion.backward)
            compare(place - 1, with: place, along: forward)
        }
        forward = motion.forward
    }

    /// Compares a mask with a neighbour's, carried along the flow. The better of both neighbours
    /// counts: a right mask beside a wrong one is still right.
    private mutating func compare(_ place: Int, with neighbour: Int, along flow: FlowField?) {
        guard let object = frames[place].object, let other = frames[neighbour].mask, let flow
        else { return }
        let agreement = object.iou(JudgedMotion.carried(other, along: flow))
        frames[place].parts[.carried] = max(frames[place].parts[.carried] ?? 0, agreement)
    }

    /// Judges the frames, and forgets them.
    mutating func judge() -> [FrameQuality] {
        defer { (frames, forward) = ([], nil) }
        let likelihoods = model.parts.contains(.colours) ? colours().likelihoods() : []
        for place in frames.indices {
            guard let object = frames[place].object else { continue }
            if !likelihoods.isEmpty {
                frames[place].parts[.colours] = ColourModel.separation(
                    object,
                    frames[place].bins,
                    frames[place].isAround,
                    likelihoods
                )
            }
        }
        var surroundings = Surroundings()
        var around = frames.flatMap { frame in
            surroundings.add(
                area: frame.mask?.area,
                frame.mask?.extent == .some ? frame.parts : nil
            )
        }
        around += surroundings.finish()
        return zip(frames, around).compactMap { frame, around in
            guard let mask = frame.mask else { return nil }
            return FrameQuality(
                frame: frame.index,
                frame.parts.merging(around) { $1 },
                by: model,
                mask.extent == .empty && frame.isPresent == false ? .absent : mask.extent,
                beginsShot: frame.beginsShot
            )
        }
    }

    private func colours() -> ColourModel {
        frames.reduce(into: ColourModel()) { model, frame in
            if let mask = frame.object { model.add(frame.bins, mask.isInside) }
        }
    }
}
