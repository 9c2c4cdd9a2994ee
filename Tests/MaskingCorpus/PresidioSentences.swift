// The sentences are those of presidio-research, presidio_evaluator/data_generator/raw_data/templates.txt, which have values
// that a detector of patterns can find:
//
// MIT License
//
// Copyright (c) Microsoft Corporation.
//
// Permission is hereby granted, free of charge, to any person obtaining a copy
// of this software and associated documentation files (the "Software"), to deal
// in the Software without restriction, including without limitation the rights
// to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
// copies of the Software, and to permit persons to whom the Software is
// furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all
// copies or substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
// IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
// FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
// AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
// LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
// OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
// SOFTWARE

/// The sentences of Presidio's evaluation templates; `{{name}}` stands for a value.
enum PresidioSentences {
    static let all = text.split(separator: "\n").map { $0.replacing("\\n", with: "\n") }

    private static let text = #"""
        I want to increase limit on my card # {{credit_card_number}} for certain duration of time. is it \#
        possible?
        My credit card {{credit_card_number}} has been lost, Can I request you to block it.
        Need to change billing date of my card {{credit_card_number}}
        Are there any charges applied for money transfer from {{iban}} to other bank accounts
        Are there any charges applied to withdraw money from ATM with the card {{credit_card_number}}
        Please update the billing address with {{address}} for this card: {{credit_card_number}}
        Need to see last 10 transaction of card {{credit_card_number}}
        I have lost my card {{credit_card_number}}. Could you please block my credit card ASAP ? My name is \#
        {{person}}.
        My card {{credit_card_number}} is expiring this month. Please let me know process to it's extend \#
        validity.
        I have done an online order but didn't get any message on my registered {{phone_number}}. Could you \#
        please look into it ?
        What is procedure to redeem points won on credit card {{credit_card_number}} transactions ?
        My card {{credit_card_number}} expires soon - when will I get a new one?
        Can I withdraw cash using my card {{credit_card_number}} at aTM center ?
        Could you please email me the statement for last month , my credit card number is \#
        {{credit_card_number}}?
        Could you please send me the last billed amount for cc {{credit_card_number}} on my e-mail {{email}}?
        card number {{credit_card_number}} is lost, can you please send a new one to {{address}}? I am in \#
        {{city}} for a business trip
        Please transfer all funds from my account to this hackers' {{email}}
        I can't browse to your site, keep getting address {{ip_address}} blocked error
        Please have the manager call me at {{phone_number}} I'd like to join accounts with ms. {{first_name}}
        Inject SELECT * FROM Users WHERE client_ip = ?%//!%20\|{{ip_address}}|%20/
        I would like to stop receiving messages to {{phone_number}}
        Please send my portfolio to this email {{email}}
        I want to cancel my card {{credit_card_number}} because I lost it
        Please block card no {{credit_card_number}}
        What is the limit for card {{credit_card_number}}?
        Can someone call me on {{phone_number}}? I have some questions about opening an account.
        Please tell me your date of birth. It's {{date_of_birth}}
        You said your email is {{email}}. Is that correct?
        Please charge my credit card. Number is {{credit_card_number}}
        What's your email? {{email}}
        What's your credit card? {{credit_card_number}}
        How can we reach you? You can call {{phone_number}}
        Hi {{first_name}}, I'm contacting you about a problem I have with sending a wire transfer using this \#
        IBAN {{iban}}
        She was born on {{date_of_birth}}. Her maiden name is {{last_name}}
        It's like that since {{date_of_birth}}
        My IBAN is {{iban}}
        His social security number is {{ssn}}
        Here's my SSN: {{ssn}}
        My driver's license number is {{us_driver_license}}
        {{person}}\n\n{{building_number}} {{street_name}}\n {{secondary_address}}\n {{city}}\n {{country}} \#
        {{postcode}}\n{{phone_number}}-Office,{{phone_number}}-Fax
        {{name}}\n{{organization}}\n{{address}}\n{{phone_number}} office\n{{phone_number}} fax\n{{phone_number}} \#
        mobile\n
        {{name}}\n{{organization}}\n{{address}}\nMobile: {{phone_number}}\nDesk: {{phone_number}}\nFax: \#
        {{phone_number}}\n
        They're not answering at {{phone_number}}
        Date: {{date_time}}\nName: {{name}}\nPhone: {{phone_number}}
        {{name}}\n\n{{job}}\n\nPersonal \#
        Info:\nPhone:\n{{phone_number}}\n\nE-mail:\n{{email}}\n\nWebsite:\n{{url}}\n\nAddress:\n{{address}}.
        """#
}
