import Diagnostics
import Files
import Prompts
import TestSupport
import Testing

/// Whatever is given is understood or refused, and never ends the program.
@Suite struct DamageTests {
    private static let file = """
        {"v": 1, "prompts": [
          {"frame": 0, "object": 1, "point": [640, 360]},
          {"frame": 0, "object": 1, "point": [10, "0.5h"], "label": 0},
          {"frame": 12, "object": 2, "box": [10, 20, "0.9w", 180]},
          {"frame": 30, "object": 3, "mask": "mask.png"}
        ]}
        """

    private func checkResolved(_ list: PromptList) throws {
        let prompts: ResolvedPrompts
        do {
            prompts = try list.resolve(width: 1280, height: 720, frameCount: 100)
        } catch let error as EightCutError {
            #expect(!error.why.isEmpty && error.subject != nil)
            return
        }
        #expect(!prompts.objects.isEmpty && !prompts.fingerprint.isEmpty)
        for object in prompts.objects {
            #expect(Prompt.objects.contains(object.number) && !object.frames.isEmpty)
            for frame in object.frames {
                #expect((0..<100).contains(frame.frame))
                guard case .marks(let box, let points) = frame.input else { continue }
                for point in points {
                    #expect(point.x >= 0 && point.x < 1280 && point.y >= 0 && point.y < 720)
                }
                if let box {
                    #expect(0 <= box.x0 && box.x0 < box.x1 && box.x1 <= 1280)
                    #expect(0 <= box.y0 && box.y0 < box.y1 && box.y1 <= 720)
                }
            }
        }
    }

    @Test func files() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Array(repeating: 255, count: 1280 * 720), width: 1280, to: "mask.png")
        let path = folder["prompts.json"]
        var mutator = Mutator(seed: 7)
        var understood = 0
        for _ in 0..<3000 {
            let bytes = mutator.damage(Self.file)
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
            do {
                let list = try PromptList(file: path)
                understood += 1
                try checkResolved(list)
            } catch let error as EightCutError {
                #expect(error.code == .inputUnusable && !error.why.isEmpty)
                #expect(error.subject?.hasPrefix(path.string) == true)
            }
        }
        #expect(understood > 50)
    }

    @Test func options() throws {
        var mutator = Mutator(seed: 8)
        let texts = ["640,360,-@12#3", "0.5w,0.25h", "10,20,0.9w,180#2@5", "mask@1.png@30#2"]
        for round in 0..<6000 {
            let text = String(decoding: mutator.damage(texts[round % texts.count]), as: UTF8.self)
            for append in [
                { (list: inout PromptList) in try list.append(point: text) },
                { (list: inout PromptList) in try list.append(box: text) },
            ] {
                var list = PromptList()
                do {
                    try append(&list)
                    try checkResolved(list)
                } catch let error as EightCutError {
                    #expect(error.code == .usage && error.remedy != nil)
                }
            }
            var list = PromptList()
            guard !text.contains("\0") else { continue }
            do {
                try list.append(mask: text)
                #expect(list.entries.count == 1)
            } catch let error as EightCutError {
                #expect(error.code == .usage)
            }
        }
    }
}
