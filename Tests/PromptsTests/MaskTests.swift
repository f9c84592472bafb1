import Diagnostics
import Files
import Glibc
import Imaging
import Prompts
import SystemPackage
import TestSupport
import Testing

/// Masks as prompts, for a video of 4x3.
@Suite struct MaskTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let pixels: [UInt8] = [0, 127, 128, 255, 0, 0, 1, 200, 0, 0, 0, 0]

    private func resolve(_ masks: [String]) throws -> ResolvedPrompts {
        try list(masks: masks.map { folder[$0].string }).resolve(width: 4, height: 3)
    }

    @Test func theObjectIsWhereTheMaskIsHalfWhiteOrMore() throws {
        _ = try folder.write(Self.pixels, width: 4, to: "a@1.png")
        let prompts = try resolve(["a@1.png@5#2", "a@1.png@5#2", "a@1.png#3"])
        let mask = GrayImage(
            width: 4,
            height: 3,
            pixels: Self.pixels.map { $0 >= 128 ? 255 : 0 }
        )
        #expect(input(prompts, object: 2, frame: 5) == .mask(mask))
        #expect(input(prompts, object: 3, frame: 0) == .mask(mask))
    }

    @Test func namesInAFileAreRelativeToItsFolder() throws {
        try Folder.create(folder["inner"])
        _ = try folder.write(Self.pixels, width: 4, to: "inner/mask.png")
        let file = try folder.write(
            #"{"v": 1, "prompts": [{"mask": "mask.png"}]}"#,
            to: "inner/prompts.json"
        )
        let list = try PromptList(file: file)
        #expect(try list.resolve(width: 4, height: 3).objects.count == 1)
        #expect(list.json.contains("\"mask\":\"\(folder["inner/mask.png"])\""))
    }

    @Test func theFingerprintIsThatOfThePixels() throws {
        _ = try folder.write(Self.pixels, width: 4, to: "a.png")
        _ = try folder.write(Self.pixels.map { $0 >= 128 ? 255 : 0 }, width: 4, to: "b.png")
        _ = try folder.write(Self.pixels.reversed(), width: 4, to: "c.png")
        let fingerprints = try ["a.png", "b.png", "c.png"].map { try resolve([$0]).fingerprint }
        #expect(fingerprints[0] == fingerprints[1] && fingerprints[1] != fingerprints[2])
        #expect(fingerprints[0].contains("\"mask\":\"sha256:"))
    }

    @Test func masksThatAreNone() throws {
        _ = try folder.write(Self.pixels, width: 3, to: "size.png")
        _ = try folder.write(Self.pixels.map { $0 / 2 }, width: 4, to: "empty.png")
        _ = try folder.write("no image", to: "text.png")
        try PNG.write(RGBImage(width: 4, height: 3, color: (255, 255, 255)), to: folder["rgb.png"])
        try PNG.write(
            Gray16Image(width: 4, height: 3, pixels: Array(repeating: .max, count: 12)),
            to: folder["deep.png"]
        )
        mkfifo(folder["pipe.png"].string, 0o600)
        try Folder.create(folder["folder.png"])
        let cases: [(String, ErrorCode, String)] = [
            ("missing.png", .inputMissing, "there is no file"),
            ("size.png", .inputUnusable, "is 3x4, and the video is 4x3"),
            ("empty.png", .inputUnusable, "is empty: no pixel is 128 or more"),
            ("text.png", .inputUnusable, "is no mask: "),
            ("rgb.png", .inputUnusable, "it is not an 8-bit grey image"),
            ("deep.png", .inputUnusable, "it is not an 8-bit grey image"),
            ("pipe.png", .inputUnusable, "is no file"),
            ("folder.png", .inputUnusable, "is no file"),
        ]
        for (name, code, why) in cases {
            let error = try failure { try resolve([name]) }
            #expect(error?.code == code, "\(name)")
            #expect(error?.subject == "--mask \(folder[name])")
            #expect(error?.why.contains(why) == true, "\(error?.why ?? name)")
        }
        let advice = try failure { try resolve(["take@2"]) }?.remedy
        #expect(advice?.contains("needs both numbers") == true)
    }

    @Test func masksAreReadOnlyWhenAllElseIsRight() throws {
        let prompts = try list(points: ["9,9#2"], masks: [folder["missing.png"].string])
        let error = try failure { try prompts.resolve(width: 4, height: 3) }
        #expect(error?.subject == "--point 9,9#2")
    }

    @Test func moreMasksThanMemoryHoldsAreRefused() throws {
        // Each would have 2^29 pixels.
        let size = (width: 1 << 15, height: 1 << 14)
        let prompts = try list(masks: ["#1", "#2", "#3"].map { "/dev/null/a\($0)\($0)" })
        let error = try failure { try prompts.resolve(width: size.width, height: size.height) }
        #expect(error?.subject == "--mask /dev/null/a#3#3")
        #expect(error?.why.contains("more than 2 masks") == true)
    }
}
