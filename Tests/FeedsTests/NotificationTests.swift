import Testing

@testable import Feeds

/// What a fixture must be read as.
struct Reading: CustomTestStringConvertible {
    let fixture: String
    let kind: Notification.Kind
    let locations: [String]
    let isAlarming: Bool
    let listing: String?
    let messageID: String?

    init(
        _ fixture: String, _ kind: Notification.Kind, _ locations: [String] = [],
        isAlarming: Bool = false, listing: String? = nil, messageID: String? = nil
    ) {
        self.fixture = fixture
        self.kind = kind
        self.locations = locations
        self.isAlarming = isAlarming
        self.listing = listing
        self.messageID = messageID
    }

    var testDescription: String { fixture }

    private static let september = "s3://acme-sdds/BillingEventFeed_V1/year=2026/month=09/data.csv"
    private static let disbursed =
        "s3://acme-cas-reports/cas/disbursed_amount_by_product_2026-09-15"
    private static let request = "a3c0f6de-2b71-4a38-8a10-0e3d5c9b7f42"
    private static let execution = "f4d1c7b6-93ae-4c55-8d2f-6a1b0c3e7d58"

    static let all = [
        Reading("cas-failure", .casNotice, isAlarming: true, messageID: request),
        Reading(
            "cas-metadata", .casMetadata, [disbursed + ".csv", disbursed + ".meta.json"],
            messageID: request),
        Reading(
            "cas-success", .casNotice, [disbursed + ".csv", disbursed + ".meta.json"],
            messageID: request),
        Reading(
            "eventbridge-advisory-issued", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000005"),
        Reading(
            "eventbridge-advisory-resolved", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000006"),
        Reading(
            "eventbridge-agreement-acceptor", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000008"),
        Reading(
            "eventbridge-agreement-created", .eventBridgeAgreement,
            messageID: "b0e9f0f5-2f1d-4a1b-9f39-3c7f6a2f7d10"),
        Reading(
            "eventbridge-agreement-ended-en-dash", .eventBridgeAgreement,
            messageID: "c1e9f0f5-2f1d-4a1b-9f39-3c7f6a2f7d11"),
        Reading(
            "eventbridge-agreement-ending", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000001"),
        Reading(
            "eventbridge-agreement-renewed", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000002"),
        Reading(
            "eventbridge-agreement-spend-threshold", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000007"),
        Reading(
            "eventbridge-billing-adjustment", .eventBridgeAgreement,
            messageID: "2a5d8c5e-40a6-4f70-8c5c-5b1c0f6d2222"),
        Reading(
            "eventbridge-billing-adjustment-failed", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000011"),
        Reading(
            "eventbridge-cancellation-pending", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000009"),
        Reading(
            "eventbridge-cancellation-rejected", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000010"),
        Reading(
            "eventbridge-change-set-failed", .eventBridgeCatalog,
            messageID: "a0000000-0000-4000-8000-000000000013"),
        Reading(
            "eventbridge-change-set-succeeded", .eventBridgeCatalog,
            messageID: "91b0d9b4-3c0a-4a0f-b4f0-333333333333"),
        Reading(
            "eventbridge-disbursement-paused", .eventBridgeMarketplace, isAlarming: true,
            messageID: "5f6a7b8c-1111-4222-8333-444455556666"),
        Reading(
            "eventbridge-license-deprovisioned", .eventBridgeLicense,
            messageID: "a0000000-0000-4000-8000-000000000012"),
        Reading(
            "eventbridge-license-updated", .eventBridgeLicense,
            messageID: "7f0d1b64-8f6e-4a83-9f0e-51f5b1b1c111"),
        Reading(
            "eventbridge-offer-released", .eventBridgeCatalog,
            messageID: "a0000000-0000-4000-8000-000000000014"),
        Reading(
            "eventbridge-offer-set-released", .eventBridgeCatalog,
            messageID: "a0000000-0000-4000-8000-000000000015"),
        Reading(
            "eventbridge-other-source", .eventBridgeOther,
            messageID: "a0000000-0000-4000-8000-000000000017"),
        Reading(
            "eventbridge-renewal-terms-finalized", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000003"),
        Reading(
            "eventbridge-renewal-upcoming", .eventBridgeAgreement,
            messageID: "a0000000-0000-4000-8000-000000000004"),
        Reading(
            "eventbridge-s3-object-created", .eventBridgeS3, [september],
            messageID: "17793124-05d4-b198-2fde-7ededc63b103"),
        Reading(
            "eventbridge-s3-object-deleted", .eventBridgeS3,
            messageID: "17793124-05d4-b198-2fde-7ededc63b103"),
        Reading(
            "eventbridge-security-report", .eventBridgeCatalog,
            messageID: "a0000000-0000-4000-8000-000000000016"),
        Reading("get-entitlements-answer", .unknown, isAlarming: true),
        Reading("s3-object-created", .s3Event, [september]),
        Reading(
            "s3-object-created-in-sns", .s3Event,
            ["s3://acme-sdds/TaxItemFeed_V1/year=2026/month=09/data.csv"],
            messageID: "b3d1f0aa-1c22-5c7e-8a40-aa41b9d0c7e2"),
        Reading(
            "s3-several-records", .s3Event,
            [
                september, "s3://acme-sdds/cas/disbursed_amount_by_product_2026-09-15.meta.json",
                "s3://acme-sdds/Happy Face+é.csv",
            ]),
        Reading("s3-test-event", .s3TestEvent),
        Reading("saas-entitlement-updated", .marketplaceEvent),
        Reading("saas-older-spelling", .marketplaceEvent),
        Reading("saas-subscribe-success", .marketplaceEvent),
        // As in one of AWS's own samples; no other JSON reader needs to take it.
        Reading("saas-trailing-comma", .marketplaceEvent),
        Reading("saas-unsubscribe-success", .marketplaceEvent),
        Reading("sdds-completed", .sddsNotice, listing: "billingeventfeed", messageID: execution),
        Reading(
            "sdds-completed-with-files", .sddsNotice,
            [
                "BillingEventFeed_V1/year=2026/month=09/data.csv",
                "s3://acme-sdds/BillingEventFeed_V1/year=2010/month=01/data.csv",
            ], messageID: execution),
        Reading(
            "sdds-failed", .sddsNotice, isAlarming: true, listing: "dailyusagefeed",
            messageID: execution),
        Reading("sdds-skipped", .sddsNotice, messageID: execution),
        // The data set is written, but where is not said.
        Reading(
            "sns-notification", .casNotice, isAlarming: true,
            messageID: "6f0a2c1e-7b1d-5f0e-9a55-3c2b8d0e4f11"),
        Reading(
            "sns-subscription-confirmation", .subscriptionConfirmation, isAlarming: true,
            messageID: "1d9a4c52-0f2b-4d0e-8f1a-7a0b8c6d5e4f"),
        Reading(
            "sns-unsubscribe-confirmation", .unsubscribeConfirmation, isAlarming: true,
            messageID: "1d9a4c52-0f2b-4d0e-8f1a-7a0b8c6d5e4f"),
    ]
}

struct NotificationTests {
    @Test func everyFixtureHasItsReading() throws {
        #expect(try NotificationFixture.names == Reading.all.map(\.fixture))
    }

    @Test(arguments: Reading.all) func rawBodyIsRead(_ reading: Reading) throws {
        let notification = Notification.parse(try NotificationFixture(reading.fixture).body)
        expect(notification, is: reading)
        #expect(notification.messageID == reading.messageID)
    }

    @Test(arguments: Reading.all) func snsWrappedBodyIsReadAlike(_ reading: Reading) throws {
        let body = try NotificationFixture(reading.fixture).body
        var wrapped = Notification.parse(try body.wrapped())
        #expect(wrapped.messageID == String.wrapID)
        #expect(wrapped.topicARN == String.wrapTopic)
        let raw = Notification.parse(body)
        wrapped.messageID = raw.messageID
        wrapped.topicARN = raw.topicARN
        wrapped.timestamp = raw.timestamp
        #expect(wrapped == raw)
    }

    @Test func threeEnvelopesAreOpenedAndNoMore() throws {
        let body = try NotificationFixture("sdds-skipped").body
        let three = try body.wrapped(id: "in").wrapped(id: "mid").wrapped(id: "out")
        #expect(Notification.parse(three).kind == .sddsNotice)
        #expect(Notification.parse(three).messageID == "out")
        let four = Notification.parse(try three.wrapped())
        #expect(four.kind == .unknown)
        #expect(four.reason == "more than 3 SNS envelopes inside each other")
    }

    @Test func topicOfAnEnvelopeIsKept() throws {
        let notification = Notification.parse(
            try NotificationFixture("s3-object-created-in-sns").body)
        #expect(notification.topicARN == "arn:aws:sns:us-east-1:111122223333:sdds-objects")
    }

    @Test func confirmationNamesTheTopicAndNoURL() throws {
        let body = try NotificationFixture("sns-subscription-confirmation").body
        let summary = Notification.parse(body).summary
        #expect(summary.contains("aws-mp-entitlement-notification-4ab1cd2ef3gh5ij6kl7mn8op9"))
        #expect(!summary.contains("http"))
    }

    @Test func rawValuesOfKindsFitAColumn() {
        for kind in Notification.Kind.allCases {
            #expect(kind.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" })
        }
    }

    private func expect(_ notification: Notification, is reading: Reading) {
        #expect(notification.kind == reading.kind)
        #expect(notification.pointers.map(\.location) == reading.locations)
        #expect(notification.isAlarming == reading.isAlarming)
        #expect(notification.listing?.feed == reading.listing)
        #expect(reading.kind != .unknown || notification.reason != nil)
        #expect(reading.isAlarming || notification.reason == nil)
    }
}
