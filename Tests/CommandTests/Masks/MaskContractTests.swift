import MaskStore
import SystemPackage
import TestSupport
import Testing

/// What every reader of the masks relies on.
@Suite struct MaskContractTests {
    @Test func writesOneGreyPNGOfTheVideosSizePerFrame() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], seconds: 2)

        let result = try await Program.run8cut(["masks", "saliency", "--input", clip.string])

        #expect(result.status == 0, "\(result.errors)")
        let masks = try MaskSet(folder["clip_masks"])
        #expect(masks.names.count == 48)
        #expect(masks.names.first == "frame_0000.png")
        #expect(masks.names.last == "frame_0047.png")
        for index in masks.names.indices {
            let mask = try masks[index]
            #expect(mask.width == 320 && mask.height == 180)
            #expect(Set(mask.pixels).isSubset(of: [0, 255]))
        }
    }

    @Test func findsTheDiscThatMoves() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], seconds: 2)

        _ = try await Program.run8cut(["masks", "saliency", "--input", clip.string])

        let masks = try MaskSet(folder["clip_masks"])
        for index in masks.names.indices {
            let mask = try masks[index]
            let centerX = 320 * (0.2 + 0.6 * Double(index) / 48)
            var common = 0
            var either = 0
            for y in 0..<180 {
                for x in 0..<320 {
                    let (dx, dy) = (Double(x) - centerX, Double(y) - 90)
                    let isDisc = dx * dx + dy * dy < 40 * 40
                    let isObject = mask.pixels[y * 320 + x] == 255
                    if isDisc, isObject { common += 1 }
                    if isDisc || isObject { either += 1 }
                }
            }
            #expect(Double(common) / Double(either) > 0.8, "frame \(index)")
        }
    }

    @Test func invertedMasksAreTheOpposite() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])

        _ = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string, "-o", folder["plain"].string])
        _ = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string, "-o", folder["inverted"].string, "--invert"])

        let plain = try MaskSet(folder["plain"])
        let inverted = try MaskSet(folder["inverted"])
        for index in plain.names.indices {
            #expect(try plain[index].pixels.map { ~$0 } == inverted[index].pixels)
        }
        #expect(inverted.manifest.method.settings["invert"] == .flag(true))
    }

    @Test func theManifestRecordsWhatWasMadeFromWhat() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], rate: 25)

        _ = try await Program.run8cut(["masks", "saliency", "--input", clip.string])

        let masks = try MaskSet(folder["clip_masks"])
        let manifest = masks.manifest
        #expect(manifest.schema == 3)
        #expect(manifest.program.name == "8cut")
        #expect(manifest.method.name == "saliency")
        #expect(manifest.complete)
        #expect(manifest.frameCount == 25)
        #expect(manifest.input.name == "clip.mp4")
        #expect(manifest.input.width == 320 && manifest.input.height == 180)
        #expect(manifest.input.frameRate == "25/1")
        #expect(manifest.input.frameCount == 25)
        #expect(manifest.input.file.bytes == (try MaskSet.bytes(of: clip).count))
        for (index, record) in manifest.frames.enumerated() {
            let mask = try masks[index]
            #expect(record.frame == index)
            #expect(abs((record.time ?? -1) - Double(index) / 25) < 1e-9)
            let area = Double(mask.pixels.count { $0 == 255 }) / Double(mask.pixels.count)
            #expect(abs(record.area - area) < 1e-6)
            #expect(record.describes(mask))
        }
    }
}
