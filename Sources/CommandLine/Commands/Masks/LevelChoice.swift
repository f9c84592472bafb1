import ArgumentParser

/// `otsu`, or a level from 0 to 255.
enum LevelChoice: Equatable {
    case otsu
    case level(UInt8)
}

extension LevelChoice: ExpressibleByArgument {
    init?(argument: String) {
        if argument == "otsu" {
            self = .otsu
        } else if let level = UInt8(argument) {
            self = .level(level)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .otsu: "otsu"
        case .level(let level): "\(level)"
        }
    }
}
