import Diagnostics
import Files
import SystemPackage

/// What the system said about the cache, as an error that says what to do.
func cacheError(_ what: String, _ path: FilePath, _ error: Errno) -> EightCutError {
    forCache(fileError(what, path, error))
}

/// Lets errors of files say what to do about the cache, which no option names.
func cacheErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as EightCutError {
        throw forCache(error)
    }
}

/// Lets errors of files say what to do about the program's own folder.
func homeErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as EightCutError {
        throw forPlace(error, named: "the program's own files with EIGHTCUT_HOME")
    }
}

private func forCache(_ error: EightCutError) -> EightCutError {
    forPlace(error, named: "the cache with HF_HOME")
}

private func forPlace(_ error: EightCutError, named name: String) -> EightCutError {
    let remedy: String? =
        switch error.code {
        case .inputOutput where error.remedy != nil:
            "Make room and run the same command again: what has come is kept."
        case .outputUnusable: "Choose another place for \(name)."
        default: error.remedy
        }
    return error.advising(remedy)
}
