import Diagnostics
import Files
import GRDB

/// How the library is, looked at without writing anything: no upgrade, and nothing that a killed
/// program has left behind is finished.
package enum LibraryHealth: Sendable {
    /// There is none.
    case absent
    /// So many clips, and all is as it should be.
    case healthy(clips: Int)
    /// So many clips, and so many findings of `LibraryCheck` that are a fault of the library.
    case differs(clips: Int, findings: Int)
    /// An earlier version has made it: the next command that uses it upgrades it.
    case older
    /// It could not be looked at now: why.
    case unchecked(String)
    /// It is damaged or of a later version.
    case unusable(EightCutError)

    /// Looks at the library of a home folder.
    package init(of home: EightCutHome) async {
        do {
            self = try await Self.look(at: LibraryFile(home))
        } catch let error as EightCutError {
            self = error.code == .outputBusy ? .unchecked(error.why) : .unusable(error)
        } catch {
            self = .unchecked("\(error)")
        }
    }

    private static func look(at file: LibraryFile) async throws -> LibraryHealth {
        guard try file.exists else { return .absent }
        switch try file.openUntouched() {
        case .inUse: return .unchecked("a program that uses it was killed, or is at work")
        case .older: return .older
        case .open(let library):
            let clips = try await library.read { database in
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM clip") ?? 0
            }
            let wrong = try await LibraryCheck(library, fixes: false).run().count(where: \.isFault)
            return wrong == 0 ? .healthy(clips: clips) : .differs(clips: clips, findings: wrong)
        }
    }
}
