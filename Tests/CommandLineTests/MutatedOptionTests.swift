import ArgumentParser
import Commands
import TestSupport
import Testing

/// Command lines with seeded faults: each is understood or refused with a message.
@Suite struct MutatedOptionTests {
    private static let count = 600

    private static let lines = [
        "export -i a.mp4 --start 1:02:03.5 --duration 8 --to clips --name dog --label bark",
        "export -i a.mp4 --start @300 --to c --name a --crop 9:16 --crop-center 0.5 --count 3",
        "export --list cuts.csv --to c --profile mmaudio-44k --short-side 512 --frame-rate 24",
        "masks saliency -i a.mp4 -o m --threshold 128 --invert --overwrite",
        "masks depth -i a.mp4 --model tiny --steady --device cpu --precision int8",
        "masks sam -i a.mp4 --point 640,360,-@12#3 --box 10,20,0.9w,180#2@5 --mask m.png@30#2",
        "masks sam -i a.mp4 --fill-holes 100 --drop-specks 20 --memories 7 --objects separate",
        "masks sam -i a.mp4 --resolution 512 --pool-memories 2 --precision int8 --threads 2",
        "masks sam -i a.mp4 --memory-rules dam --model edgetam",
        "detect -i a.mp4 --output p.json --count 2 --preview s.png --json",
        "preview -i a.mp4 --masks m --output p.png --columns 4 --rows 3",
        "library list --csv --limit 5", "library find dog --label bark --folder c",
        "library relabel 1 2 --label dog --category Animal", "library delete 1 --permanently",
        "models download sam2.1-hiera-tiny --accept-license", "tools install --cpu --reinstall",
        "measure --input a.mp4 --masks m", "verify --model tiny -i a.mp4",
    ].map { $0.split(separator: " ").map(String.init) }

    @Test func theyAreUnderstoodOrRefused() {
        var mutator = Mutator(seed: 16)
        var understood = 0
        for _ in 0..<Self.count {
            let words = Self.words(&mutator)
            do {
                _ = try EightCut.parseAsRoot(words)
                understood += 1
            } catch {
                #expect(!EightCut.fullMessage(for: error).isEmpty, "\(words)")
            }
        }
        #expect(understood > 20)
    }

    private static func words(_ mutator: inout Mutator) -> [String] {
        var words = mutator.one(of: lines) ?? []
        for _ in 0..<Int.random(in: 1...2, using: &mutator) {
            guard let place = words.indices.randomElement(using: &mutator) else { break }
            switch Int.random(in: 0..<8, using: &mutator) {
            case 0: words.remove(at: place)
            case 1: words.append(words[place])
            case 2: words.insert(mutator.one(of: ["--", "-", "", "--x=1", "-q"]) ?? "", at: place)
            default:
                let bytes = mutator.mutated([Array(words[place].utf8)])
                // A C string ends there.
                words[place] = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        return words
    }
}
