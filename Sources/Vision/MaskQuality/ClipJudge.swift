import Imaging
import OpticalFlow
import Saliency

/// Judges the masks of a clip, frame by frame in order, without knowing the true ones.
///
/// A shot is judged when it ends, or after `mostFrames`: what a frame's colours say depends on the
/// frames around it.
package struct ClipJudge: Sendable {
    /// Frames that are kept until they are judged, 100 kB each.
    private static let mostFrames = 400

    private let size: MapSize
    private let model: QualityModel
    private let settings: FlowSettings
    private let fit: PlanarMotionFit
    private var search: DenseInverseSearch
    private var cuts: FrameStream
    /// Frames of which it is not known yet whether they begin a shot.
    private var waiting: [(frame: JudgedFrame, given: GivenMask)] = []
    /// The last frame, whose motion to the next one is not known yet, and that to the one before.
    private var last: (frame: JudgedFrame, given: GivenMask, backward: FlowField?)?
    private var shot: JudgedShot
    /// The same frames with the built-in method's masks.
    private var builtInShot = JudgedShot(.builtIn)

    /// What those of the built-in method's masks got that have been judged so far, in order.
    package private(set) var builtIn: [FrameQuality] = []

    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - model: for which masks.
    package init(width: Int, height: Int, model: QualityModel) {
        let tuning = SaliencyTuning.standard
        size = MapSize(frameWidth: width, frameHeight: height, places: tuning.input.places)
        self.model = model
        settings = tuning.input.flow
        fit = PlanarMotionFit(size: size, tuning: tuning.camera)
        search = DenseInverseSearch(settings)
        cuts = FrameStream(size: size, tuning: tuning.stream)
        shot = JudgedShot(model)
    }

    /// Takes the next frame and its mask.
    ///
    /// - Parameters:
    ///   - frame: yuv420p.
    ///   - mask: 0 background, 255 object; nil where there is none, which is not judged.
    ///   - own: what the method says about it.
    ///   - builtIn: the mask of the built-in method, to compare with.
    /// - Returns: what can be judged now, in order.
    package mutating func add(
        _ frame: VideoFrame,
        mask: GrayImage?,
        own: OwnSignals = OwnSignals(),
        builtIn: GrayImage? = nil
    ) -> [FrameQuality] {
        let judged = JudgedFrame(frame, size: size, flow: settings)
        let given = GivenMask(
            frame: frame.index,
            mask: mask.map { JudgedMask($0, size: size) },
            own: own,
            builtIn: builtIn.map { JudgedMask($0, size: size) }
        )
        waiting.append((judged, given))
        return cuts.add(judged.shrunk).flatMap { take($0) }
    }

    /// What is left after the last frame, in order.
    package mutating func finish() -> [FrameQuality] {
        cuts.finish().flatMap { take($0) } + endShot()
    }

    private mutating func take(_ step: FrameStream.Step) -> [FrameQuality] {
        var (frame, given) = waiting.removeFirst()
        var judged: [FrameQuality] = []
        if case .frame(_, beginsScene: true) = step {
            judged = endShot()
            given.beginsShot = given.frame > 0
        }
        var backward: FlowField?
        if let last {
            let forward = search.flow(from: last.frame.flow, to: frame.flow)
            backward = search.flow(from: frame.flow, to: last.frame.flow)
            measure(last, forward: forward)
            if shot.count == Self.mostFrames { judged += judgeShot() }
        }
        last = (frame, given, backward)
        return judged
    }

    private mutating func endShot() -> [FrameQuality] {
        if let last { measure(last, forward: nil) }
        last = nil
        return judgeShot()
    }

    private mutating func judgeShot() -> [FrameQuality] {
        builtIn += builtInShot.judge()
        return shot.judge()
    }

    private mutating func measure(
        _ item: (frame: JudgedFrame, given: GivenMask, backward: FlowField?),
        forward: FlowField?
    ) {
        let motion = JudgedMotion(forward: forward, backward: item.backward, size: size, fit: fit)
        shot.append(item.frame, item.given, motion)
        if let mask = item.given.builtIn {
            let given = GivenMask(frame: item.given.frame, mask: mask)
            builtInShot.append(item.frame, given, motion)
        }
    }
}

/// A frame's mask, and what else is known of it.
struct GivenMask: Sendable {
    let frame: Int
    let mask: JudgedMask?
    var beginsShot = false
    var own = OwnSignals()
    var builtIn: JudgedMask?
}
