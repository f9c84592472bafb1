"""The bill of materials: SPDX 2.3 as JSON, as scanners for licences and vulnerabilities read it."""

import datetime
import json

from . import project

CREATOR = "8cut"


def document(components):
    """The bill for the program, which is the first component, and all that is linked into it."""
    program = components[0]
    time = datetime.datetime.fromtimestamp(project.epoch(), datetime.timezone.utc)
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{program.name}-{program.version}",
        "documentNamespace":
            f"https://spdx.org/spdxdocs/{program.name}-{program.version}-{project.commit()}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: {CREATOR}-{program.version}"],
        },
        "packages": [entry(component) for component in components],
        "relationships": [
            relationship("SPDXRef-DOCUMENT", "DESCRIBES", identifier(program)),
            *(
                relationship(identifier(program), "STATIC_LINK", identifier(component))
                for component in components[1:]
            ),
        ],
    }


def text(components):
    """The bill as a file has it."""
    return json.dumps(document(components), indent=1) + "\n"


def entry(component):
    """A component as a package of SPDX."""
    return {
        "SPDXID": identifier(component),
        "name": component.name,
        "versionInfo": component.version,
        "downloadLocation": component.address,
        "filesAnalyzed": False,
        "licenseConcluded": component.licence,
        "licenseDeclared": component.licence,
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": component.identifier,
            }
        ],
    }


def relationship(element, kind, related):
    """A relationship between two elements."""
    return {
        "spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": related,
    }


def identifier(component):
    """The identifier of a component in the document."""
    return f"SPDXRef-{component.name}"
