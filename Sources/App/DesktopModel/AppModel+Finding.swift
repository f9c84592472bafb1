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

    /// How the object of the clip that is shown would be searched.
    package var objectSearch: ObjectSearch {
        ObjectSearch(
            label: preview.clip?.label,
            toolsAreInstalled: tools.areInstalled,
            downloaded: checkpoints.downloaded
        )
    }

    /// Searches the clip that is shown for its object, and proposes what it finds.
    ///
    /// - Parameter search: how; nil for by the label, where that is possible.
    package func findObject(_ search: ObjectSearch? = nil) {
        guard findObstacle == nil, let clip = preview.clip else { return }
        findObject(in: clip, search ?? objectSearch)
    }

    private func findObject(in clip: LibraryClip, _ search: ObjectSearch) {
        finder.find(in: clip, search, device: masks.form.device) { [weak self] result in
            switch result {
            case .success(let all):
                let objects = all.filter { $0.score >= search.leastScore }
                if let best = objects.first {
                    self?.marks.propose(objects, by: search, for: clip)
                    self?.show(best, in: clip)
                } else {
                    self?.tellNothingFound(search, in: clip, best: all.first)
                }
            case .failure(let error as EightCutError)
            where search.hasLabel && error.code == .usage:
                self?.tellLabelIsTooLong(search, in: clip)
            case .failure(let error): self?.notices.fail(error)
            }
        }
    }

    /// Takes one of the objects that were found, and shows its frame.
    ///
    /// - Parameter number: of the object, from 1.
    /// - Returns: whether there is one.
    @discardableResult
    package func takeObject(_ number: Int) -> Bool {
        guard isMarking, let clip = preview.clip, let objects = marks.proposal?.objects,
            objects.indices.contains(number - 1)
        else { return false }
        marks.takeProposal(number)
        preview.show(clip, at: objects[number - 1].frame)
        return true
    }

    /// The objects beside the proposed one, with their numbers.
    package var otherObjects: [(number: Int, object: FoundObject)] {
        let objects = marks.proposal?.objects ?? []
        return objects.enumerated().dropFirst().map { ($0 + 1, $1) }
    }

    /// How sure the search is of the proposal that is shown, and what to do with it; nil without one.
    package var proposalText: String? {
        guard isMarking, let proposal = marks.proposal else { return nil }
        let score = proposal.objects[0].scoreText
        var sentences = [
            proposal.isUncertain
                ? localized(
                    "Not sure that this is the object (score %1): move the marks, or Enter takes it, Escape discards it.",
                    score
                )
                : localized("Object found (score %1): Enter takes it, Escape discards it.", score)
        ]
        switch proposal.objects.count {
        case 1: break
        case 2: sentences.append(localized("2 takes the other one."))
        case let count: sentences.append(localized("2–%1 take another one.", "\(count)"))
        }
        sentences.append(proposal.search.text)
        return sentences.joined(separator: " ")
    }

    /// Shows the frame of what is proposed, or where to find it.
    private func show(_ object: FoundObject, in clip: LibraryClip) {
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

    private func tellNothingFound(
        _ search: ObjectSearch,
        in clip: LibraryClip,
        best: FoundObject?
    ) {
        let name = library.name(of: clip)
        guard case .label(let label, _) = search else {
            return notices.say(
                localized("Nothing in %1 moves or stands out. Click the object to mark it.", name)
            )
        }
        let text =
            best.map { best in
                localized(
                    "“%1” was not found in %2 (best score %3).",
                    displayed(label),
                    name,
                    best.scoreText
                )
            } ?? localized("“%1” was not found in %2.", displayed(label), name)
        offerMotion(text, in: clip)
    }

    /// What can be wrong with a label that has a thing in it, only the detector knows: it reads so many
    /// words.
    private func tellLabelIsTooLong(_ search: ObjectSearch, in clip: LibraryClip) {
        guard case .label(let label, _) = search else { return }
        let text = localized(
            "“%1” is too long to be searched for. Shorten the label to the name of the thing.",
            displayed(label)
        )
        offerMotion(text, in: clip)
    }

    private func offerMotion(_ text: String, in clip: LibraryClip) {
        notices.say(text, button: localized("Search by Motion")) { [weak self] in
            self?.findObject(in: clip, .motion(because: nil))
        }
    }
}
