import ClipLibrary
import Diagnostics
import Localization

// The object that is found in a clip and proposed.
extension AppModel {
    /// Why no object can be searched now; nil if one can.
    package var findObstacle: String? {
        if !isMarking { return localized("Show a clip first.") }
        if finder.run != nil { return localized("The object is being searched already.") }
        if masks.run != nil { return localized("Masks are being made already.") }
        return nil
    }

    /// Searches the clip that is shown for the object that moves or stands out, and proposes it.
    package func findObject() {
        guard findObstacle == nil, let clip = preview.clip else { return }
        finder.find(in: clip) { [weak self] result in
            switch result {
            case .success(let object): self?.propose(object, for: clip)
            case .failure(let error): self?.tell(error, of: clip)
            }
        }
    }

    /// How sure the search is of the proposal that is shown, and what to do with it; nil without one.
    package var proposalText: String? {
        guard isMarking, let proposal = marks.proposal else { return nil }
        let score = "\((proposal.score * 100).rounded() / 100)"
        return proposal.isUncertain
            ? localized(
                "Not sure that this is the object (score %1): move the marks, or Enter takes it, Escape discards it.",
                score
            )
            : localized("Object found (score %1): Enter takes it, Escape discards it.", score)
    }

    private func propose(_ object: FoundObject, for clip: LibraryClip) {
        marks.propose(object, for: clip)
        if isMarking, preview.clip?.id == clip.id {
            preview.show(clip, at: object.frame)
        } else {
            notices.say(
                localized("An object was found in %1", library.name(of: clip)),
                button: localized("Show")
            ) { [weak self] in
                self?.setTarget(clip)
                self?.masks.form.method = .sam
                self?.preview.show(clip, at: object.frame)
            }
        }
    }

    private func tell(_ error: any Error, of clip: LibraryClip) {
        guard (error as? EightCutError)?.code == .nothingFound else { return notices.fail(error) }
        notices.say(
            localized(
                "Nothing in %1 moves or stands out. Click the object to mark it.",
                library.name(of: clip)
            )
        )
    }
}
