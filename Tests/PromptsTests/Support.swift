import Diagnostics
import Files
import Imaging
import Prompts
import SystemPackage
import TestSupport

/// A list of points, boxes and masks as the options give them.
func list(points: [String] = [], boxes: [String] = [], masks: [String] = []) throws -> PromptList {
    var list = PromptList()
    for text in points { try list.append(point: text) }
    for text in boxes { try list.append(box: text) }
    for text in masks { try list.append(mask: text) }
    return list
}

/// What was said about an object on a frame of a video.
func input(_ prompts: ResolvedPrompts, object: Int = 1, frame: Int = 0) -> ResolvedPrompt.Input? {
    prompts.objects.first { $0.number == object }?.frames.first { $0.frame == frame }?.input
}

/// The error that something throws; nil when it throws none.
func failure(_ work: () throws -> some Any) throws -> EightCutError? {
    do {
        _ = try work()
        return nil
    } catch let error as EightCutError {
        return error
    }
}

extension TemporaryFolder {
    /// Writes a text.
    func write(_ text: String, to name: String) throws -> FilePath {
        try AtomicFile.write(text, to: self[name])
        return self[name]
    }

    /// Writes a grey image.
    func write(_ pixels: [UInt8], width: Int, to name: String) throws -> FilePath {
        let image = GrayImage(width: width, height: pixels.count / width, pixels: pixels)
        try PNG.write(image, to: self[name])
        return self[name]
    }
}
