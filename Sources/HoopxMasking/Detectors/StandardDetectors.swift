extension Detector {
    /// The detectors that come with hoopx.
    public static let standard: [Detector] = personal + secrets

    /// Values that tell of a person.
    static let personal: [Detector] =
        [
            creditCard, ibanCode, usBankNumber, abaRouting, cryptoAddress, emailAddress, phoneNumber, ipAddress,
            macAddress, usSSN, usPassport, usDriverLicense, ukNHS, esNIF, itFiscalCode, deTaxID, inAadhaar, brCPF,
            auTFN,
            dateOfBirth,
        ].flatMap(\.self)

    /// Values that open something.
    static let secrets: [Detector] =
        [
            issuedTokens, otherTokens, longTokens, jwt, privateKey, connectionString, authorization, awsSecretKey,
            azureKey,
            genericSecret,
        ].flatMap(\.self)
}
