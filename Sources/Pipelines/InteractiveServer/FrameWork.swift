import Diagnostics
import Files
import Imaging
import InteractiveProtocol
import MaskPipeline
import MaskStore
import Media
import Methods
import Prompts
import SAM2
import SystemPackage

/// The work for one frame: encoding it, and writing the masks of a request.
struct FrameWork: Sendable {
    let input: FilePath
    let stream: VideoStream
    let model: Sam2Model
    let store: FrameStore
    let outputs: MaskOutputs

    /// Encodes a frame unless its features are cached.
    func encode(_ frame: Int, since start: ContinuousClock.Instant) async throws
        -> WorkerAnswer.Encoded
    {
        do {
            let isNew = try await store.features(of: frame).isNew
            return .init(frame: frame, encoded: isNew, seconds: Self.seconds(since: start))
        } catch is FrameMissing {
            let count = try await count(upTo: frame)
            throw RequestReader.invalid(
                "'frame' is \(frame), and the video has \(count) frames",
                "Frames are counted from 0, as the masks are."
            )
        }
    }

    /// Finds the objects of a request on its frame and writes their masks.
    func mask(_ task: MaskTask, since start: ContinuousClock.Instant) async throws
        -> WorkerAnswer.Mask
    {
        let size = (width: stream.width, height: stream.height)
        // Errors in the prompts are reported before anything takes time.
        let prompts = try task.prompts.resolve(width: size.width, height: size.height)
        try outputs.check(task.output, replaces: task.replaces)
        let encoded: (features: Sam2Model.Features, isNew: Bool)
        do {
            encoded = try await store.features(of: task.frame)
        } catch is FrameMissing {
            try task.prompts.check(frameCount: try await count(upTo: task.frame))
            throw RequestReader.invalid("the video ends before frame \(task.frame)")
        }
        let found = try await SamFrame(task.drawing.settings(prompts), model: model, size: size)
            .masks(on: encoded.features)
        try Task.checkCancellation()
        let (labels, paths) = try write(found.mask, found.objects, task)
        return .init(
            frame: task.frame,
            path: task.output.string,
            labels: labels,
            objects: zip(found.objects, paths).map { object, path in
                let extent = MaskExtent(of: object.image)
                return .init(
                    object: object.object,
                    objectScore: object.objectScore,
                    iou: object.iou,
                    area: extent.area,
                    box: extent.box,
                    path: path
                )
            },
            encoded: encoded.isNew,
            seconds: Self.seconds(since: start)
        )
    }

    /// Writes the images, the mask of all objects last: when it appears the others are complete.
    ///
    /// - Returns: the paths of the label image and of each object's own mask.
    private func write(_ mask: Mask, _ objects: [SamFrame.Found], _ task: MaskTask) throws
        -> (labels: String?, objects: [String?])
    {
        let name = task.output.lastComponent?.string ?? ""
        func beside(_ folder: String) throws -> FilePath {
            let folder = task.output.removingLastComponent().appending(folder)
            try Folder.create(folder)
            return folder.appending(name)
        }
        var labels: String?
        var paths = [String?](repeating: nil, count: objects.count)
        switch task.drawing.objects {
        case .union: break
        case .separate:
            for (index, object) in objects.enumerated() {
                let path = try beside(SamSettings.folder(of: object.object))
                try outputs.write(path, replaces: task.replaces) {
                    try PNG.write(object.image, to: path)
                }
                paths[index] = path.string
            }
        case .labels:
            for case .labels(let image) in mask.auxiliary.values {
                let path = try beside(SamSettings.labelsFolder)
                try outputs.write(path, replaces: task.replaces) {
                    try PNG.write(image, to: path)
                }
                labels = path.string
            }
        }
        try outputs.write(task.output, replaces: task.replaces) {
            try PNG.write(mask.image, to: task.output)
        }
        return (labels, paths)
    }

    private func count(upTo frame: Int) async throws -> Int {
        try await stream.countFrames(of: input, upTo: frame)
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        (start.duration(to: .now) / .milliseconds(1)).rounded() / 1000
    }
}
