import Postgres
import Testing

@testable import Feeds

/// What each event means for entitlements.
struct EntitlementChangeTests {
    private static let code = "4ab1cd2ef3gh5ij6kl7mn8op9"
    private static let arn =
        "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef"

    private static func ask(_ holder: EntitlementScope.Holder) -> EntitlementChange {
        .ask(EntitlementScope(productCode: code, holder: holder))
    }

    @Test func everyFixtureAsksForWhatItMust() throws {
        let asking: [String: EntitlementChange] = [
            "saas-entitlement-updated": Self.ask(.customer("X01EXAMPLEX")),
            "eventbridge-license-updated": Self.ask(.license(Self.arn)),
            // Its ARN lacks the beginning, which is no filter for AWS.
            "eventbridge-license-deprovisioned": .askWhetherEnded(
                EntitlementScope(productCode: Self.code, holder: .account("012345678901"))),
        ]
        for name in try NotificationFixture.names {
            let notification = Notification.parse(try NotificationFixture(name).body)
            #expect(EntitlementChange(notification) == asking[name], "\(name)")
        }
    }

    @Test(arguments: [
        (#""customer-identifier":"X""#, EntitlementScope.Holder.customer("X")),
        (#""CustomerIdentifier":" X ""#, .customer("X")),
        (#""customer-aws-account-id":"012345678901""#, .account("012345678901")),
        (#""customer-identifier":"X","license-arn":"\#(arn)""#, .license(arn)),
        (#""customer-identifier":"X","license-arn":"l-1""#, .customer("X")),
        (#""customer-identifier":7"#, .everybody),
        (#""x":1"#, .everybody),
    ])
    func theNarrowestQuestionIsAsked(members: String, holder: EntitlementScope.Holder) {
        let body = #"{"action":" Entitlement-Updated","product-code":"\#(Self.code)",\#(members)}"#
        #expect(EntitlementChange(Notification.parse(body)) == Self.ask(holder))
    }

    @Test(
        arguments: [
            ("product", .unnamed), ("license", ask(.account("123456789012"))),
            ("acceptor", ask(.license(arn))), ("agreement", ask(.license(arn))),
        ] as [(String, EntitlementChange)])
    func lossOfAPartOfALicenceEventIsMadeGood(part: String, change: EntitlementChange) throws {
        let body = try NotificationFixture("eventbridge-license-updated").changed { top in
            var detail = top["detail"] as? [String: Any] ?? [:]
            detail[part] = nil
            top["detail"] = detail
        }
        #expect(EntitlementChange(Notification.parse(body)) == change)
    }

    @Test func licenceOfABuyerIsNotAskedFor() throws {
        let body = try NotificationFixture("eventbridge-license-updated").changed { top in
            top["detail-type"] = "License Updated - Acceptor"
        }
        #expect(EntitlementChange(Notification.parse(body)) == nil)
    }

    @Test(
        arguments: [
            (arn, "l-0123456789abcdef0123456789abcdef"), ("l-1", "l-1"), ("a:l-1x", "l-1x"),
            ("l-", nil), ("l-1:", nil), ("", nil), ("arn:aws:x:license:1", nil), ("l-1-2", nil),
        ] as [(String, String?)])
    func licencesAreNamedInTheDatabaseAsInTheProgram(arn: String, id: String?) throws {
        #expect(EntitlementScope.licenseID(of: arn) == id)
        let bench = try EventBench()
        let found = try bench.postgres.query("select event.license_id($1) as id", [.text(arn)])
        #expect(try found.only().optionalString("id") == id)
    }
}
