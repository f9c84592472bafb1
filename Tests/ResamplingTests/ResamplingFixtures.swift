import FoundationEssentials
import SystemPackage
import TestSupport

/// Pictures and planes that Pillow and torch have resized.
struct ResamplingFixtures: Decodable {
    struct Case: Decodable, Sendable, CustomStringConvertible {
        let name: String
        let kind: String
        let from: [Int]
        let to: [Int]

        var description: String { name }
        var source: (width: Int, height: Int) { (from[0], from[1]) }
        var target: (width: Int, height: Int) { (to[0], to[1]) }

        func bytes(_ part: String) throws -> [UInt8] {
            try MaskSet.bytes(of: ResamplingFixtures.folder.appending(name + "." + part))
        }

        func floats(_ part: String) throws -> [Float] {
            try bytes(part).withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: 4).map {
                    let bits = bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
                    return Float(bitPattern: UInt32(littleEndian: bits))
                }
            }
        }
    }

    let cases: [Case]

    static func cases(ofKinds kinds: [String]) throws -> [Case] {
        let text = try MaskSet.bytes(of: folder.appending("cases.json"))
        let fixtures = try JSONDecoder().decode(Self.self, from: Data(text))
        return fixtures.cases.filter { kinds.contains($0.kind) }
    }

    private static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures").appending("resampling")
}
