import Detection
import Glibc
import Imaging

/// A detector that finds what it was given, by frame.
struct ListedDetector: ObjectDetector {
    /// A box and how well each query fits it, 0…1.
    struct Box {
        let box: DetectionBox
        let scores: [Double]

        init(_ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float, _ scores: [Double]) {
            box = DetectionBox(x0: x0, y0: y0, x1: x1, y1: y1)
            self.scores = scores
        }
    }

    private let boxes: [Int: [Box]]

    init(_ boxes: [Int: [Box]]) { self.boxes = boxes }

    func queries(_ groups: [[String]]) -> Int { groups.count }

    func detections(in frame: VideoFrame, of queries: Int) -> [Detection] {
        (boxes[frame.index] ?? []).map { box in
            Detection(
                box: box.box,
                logits: box.scores.prefix(queries).map { Float(log($0 / (1 - $0))) },
                objectness: -1
            )
        }
    }

    /// A frame of 80x60 pixels.
    static func blank(_ index: Int) -> VideoFrame {
        VideoFrame(
            index: index,
            time: nil,
            width: 80,
            height: 60,
            format: .rgb24,
            pixels: PixelBuffer(byteCount: 80 * 60 * 3) {
                $0.initializeMemory(as: UInt8.self, repeating: 0)
            }
        )
    }
}
